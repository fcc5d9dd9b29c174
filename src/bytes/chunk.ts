import type { BufferLease } from '../memory/lease.ts';

/**
 * Bytes on loan from an input. They are valid until `release()`; to keep them longer, copy them.
 */
export interface Chunk {
  /** A view into memory that is used again after `release()`. */
  readonly bytes: Buffer;
  /** Where in the input the first of these bytes stands. */
  readonly offset: number;
  /** Gives the memory back. Caller releases, exactly once. */
  release(): void;
}

/** A chunk over memory that nobody reuses: `release()` does nothing. */
export function unpooledChunk(bytes: Buffer, offset: number): Chunk {
  return { bytes, offset, release: () => {} };
}

/** A chunk of the first `lengthBytes` of a lease, which goes back with it. */
export function leasedChunk(lease: BufferLease, offset: number, lengthBytes: number = lease.bytes.length): Chunk {
  const bytes = lengthBytes === lease.bytes.length ? lease.bytes : lease.bytes.subarray(0, lengthBytes);
  return { bytes, offset, release: () => lease.release() };
}
