import type { Chunk } from '../bytes/chunk.ts';
import { type Input, isPromise } from '../bytes/input.ts';
import type { StageCounts } from '../profile/timeline.ts';

/** An input that counts its reads, and how long somebody waited for one. */
export class WatchedInput implements Input {
  readonly #input: Input;
  #reads = 0;
  #pending = 0;
  #sinceMs = 0;
  #waitedMs = 0;

  constructor(input: Input) {
    this.#input = input;
  }

  get name(): string {
    return this.#input.name;
  }

  get localPath(): string | undefined {
    return this.#input.localPath;
  }

  get sizeBytes(): number | undefined {
    return this.#input.sizeBytes;
  }

  get mtime(): string | undefined {
    return this.#input.mtime;
  }

  get isSeekable(): boolean {
    return this.#input.isSeekable;
  }

  get bytesRead(): number {
    return this.#input.bytesRead;
  }

  /** Reads, their bytes, and the time in which at least one was pending. */
  counts(): StageCounts {
    const pendingMs = this.#pending > 0 ? performance.now() - this.#sinceMs : 0;
    return { items: this.#reads, bytes: this.#input.bytesRead, waitedMs: this.#waitedMs + pendingMs };
  }

  read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    this.#reads++;
    const chunk = this.#input.read(offset, lengthBytes, signal);
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

  close(): void | Promise<void> {
    return this.#input.close();
  }
}
