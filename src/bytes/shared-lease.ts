import { type BufferLease, releasedLease } from '../memory/lease.ts';
import type { Chunk } from './chunk.ts';

/** Memory that its owner and any number of chunks look at; it goes back to the pool when all have left it. */
export class SharedLease {
  readonly #lease: BufferLease;
  #userCount = 1;

  constructor(lease: BufferLease) {
    this.#lease = lease;
  }

  get bytes(): Buffer {
    return this.#lease.bytes;
  }

  /** A chunk of the bytes from `start` up to `end` of this memory, which stand at `offset` in the input. */
  chunk(start: number, end: number, offset: number): Chunk {
    this.#userCount++;
    return new SharedChunk(this, this.bytes.subarray(start, end), offset);
  }

  /** The owner, or a chunk, needs it no more. */
  leave(): void {
    if (--this.#userCount === 0) this.#lease.release();
  }
}

class SharedChunk implements Chunk {
  readonly bytes: Buffer;
  readonly offset: number;
  #memory: SharedLease | undefined;

  constructor(memory: SharedLease, bytes: Buffer, offset: number) {
    this.#memory = memory;
    this.bytes = bytes;
    this.offset = offset;
  }

  release(): void {
    if (this.#memory === undefined) throw releasedLease('release', this.bytes.length, undefined);
    this.#memory.leave();
    this.#memory = undefined;
  }
}
