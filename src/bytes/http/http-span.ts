import type { BufferPool } from '../../memory/buffer-pool.ts';
import type { Chunk } from '../chunk.ts';
import { SharedLease } from '../shared-lease.ts';

/** A piece of a remote input in memory, or on its way there. */
export class HttpSpan {
  readonly start: number;
  readonly end: number;
  /** Settles when the bytes are there; `undefined` from then on. */
  loading: Promise<void> | undefined;
  readonly #memory: SharedLease;

  constructor(start: number, end: number, pool: BufferPool, owner: string) {
    this.start = start;
    this.end = end;
    this.#memory = new SharedLease(pool.acquire(end - start, owner));
  }

  holds(offset: number): boolean {
    return this.start <= offset && offset < this.end;
  }

  /** A chunk from `offset` up to `end`, or to the end of the span; its bytes are there when `loading` has settled. */
  chunk(offset: number, end: number): Chunk {
    return this.#memory.chunk(offset - this.start, Math.min(end, this.end) - this.start, offset);
  }

  /** Begins to fill it. `load` gets all its memory. */
  fill(load: (target: Buffer) => Promise<void>): Promise<void> {
    const target = this.chunk(this.start, this.end);
    this.loading = load(target.bytes).finally(() => {
      this.loading = undefined;
      target.release();
    });
    return this.loading;
  }

  /** It is no longer kept; chunks of it live on. */
  drop(): void {
    this.#memory.leave();
  }
}
