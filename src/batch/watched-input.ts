import type { Chunk } from '../bytes/chunk.ts';
import { isPromise } from '../bytes/input.ts';
import { WrappedInput } from '../bytes/wrapped-input.ts';
import type { StageCounts } from '../profile/timeline.ts';

/** An input that counts its reads, and how long somebody waited for one. */
export class WatchedInput extends WrappedInput {
  #reads = 0;
  #pending = 0;
  #sinceMs = 0;
  #waitedMs = 0;

  /** Reads, their bytes, and the time in which at least one was pending. */
  counts(): StageCounts {
    const pendingMs = this.#pending > 0 ? performance.now() - this.#sinceMs : 0;
    return { items: this.#reads, bytes: this.input.bytesRead, waitedMs: this.#waitedMs + pendingMs };
  }

  override read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    this.#reads++;
    const chunk = this.input.read(offset, lengthBytes, signal);
    return isPromise(chunk) ? this.#await(chunk) : chunk;
  }

  async #await(chunk: Promise<Chunk>): Promise<Chunk> {
    if (this.#pending++ === 0) this.#sinceMs = performance.now();
    try {
      return await chunk;
    } finally {
      if (--this.#pending === 0) this.#waitedMs += performance.now() - this.#sinceMs;
    }
  }
}
