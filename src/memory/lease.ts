import { TidegateError } from '../errors.ts';

/** Something on loan that must be given back: bytes of a budget, or a piece of memory. */
export interface Lease {
  /** Bytes on loan. */
  readonly heldBytes: number;
  /** Gives them back. A second call is an `ERR_LEASE`. */
  release(): void;
}

/** Memory on loan from a `BufferPool`. */
export interface BufferLease extends Lease {
  /** Exactly as many bytes as were asked for, with whatever stood there before. `ERR_LEASE` after the release. */
  readonly bytes: Buffer;
}

/** The error for a lease that was released before; `place` is who took it, where that is known. */
export function releasedLease(use: 'release' | 'use', heldBytes: number, place: string | undefined): TidegateError {
  const taken = place === undefined ? '' : `, taken by ${place}`;
  const message = `Cannot ${use} a lease of ${heldBytes} bytes${taken}: it was released before`;
  return new TidegateError('ERR_LEASE', message, { heldBytes, place });
}
