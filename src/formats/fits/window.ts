import type { Chunk } from '../../bytes/chunk.ts';
import { type Input, isPromise } from '../../bytes/input.ts';
import { KiB } from '../../units.ts';

const FIRST_READ_BYTES = 16 * KiB;
const MOST_READ_BYTES = 256 * KiB;

/**
 * The one place where the reader asks its input for bytes. It holds one chunk; what the chunk has is not read
 * again, so that headers may be read ahead even from a pipe, and data are taken up where the header's chunk ends.
 */
export class Window {
  readonly #input: Input;
  readonly #signal: AbortSignal | undefined;
  #chunk: Chunk | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #offset = 0;
  #readBytes = FIRST_READ_BYTES;

  constructor(input: Input, signal?: AbortSignal) {
    this.#input = input;
    this.#signal = signal;
  }

  get input(): Input {
    return this.#input;
  }

  /**
   * The held bytes at `offset`, at least `neededBytes` of them unless the input ends before. Reads ahead, more
   * the longer it goes on without a gap. Valid until the next call.
   */
  ahead(offset: number, neededBytes: number): Buffer | Promise<Buffer> {
    const start = offset - this.#offset;
    const isInside = start >= 0 && start <= this.#bytes.length;
    if (isInside && this.#bytes.length - start >= neededBytes) return this.#bytes.subarray(start);
    this.#readBytes = isInside ? Math.min(2 * this.#readBytes, MOST_READ_BYTES) : FIRST_READ_BYTES;
    const kept = isInside ? Buffer.from(this.#bytes.subarray(start)) : undefined;
    const wantedBytes = Math.max(neededBytes, this.#readBytes) - (kept?.length ?? 0);
    const hold = (chunk: Chunk): Buffer => this.#hold(chunk, offset, kept);
    const answer = this.#input.read(offset + (kept?.length ?? 0), wantedBytes, this.#signal);
    return isPromise(answer) ? answer.then(hold) : hold(answer);
  }

  /** 1 to `mostBytes` bytes at `offset`, none where the input ends. Valid until the next call. */
  some(offset: number, mostBytes: number): Buffer | Promise<Buffer> {
    const start = offset - this.#offset;
    if (start >= 0 && start < this.#bytes.length) return this.#bytes.subarray(start, start + mostBytes);
    const hold = (chunk: Chunk): Buffer => this.#hold(chunk, offset, undefined);
    const answer = this.#input.read(offset, mostBytes, this.#signal);
    return isPromise(answer) ? answer.then(hold) : hold(answer);
  }

  /** Gives the held chunk back. */
  release(): void {
    this.#chunk?.release();
    this.#chunk = undefined;
    this.#bytes = Buffer.alloc(0);
  }

  #hold(chunk: Chunk, offset: number, kept: Buffer | undefined): Buffer {
    this.#chunk?.release();
    this.#chunk = chunk;
    this.#offset = offset;
    this.#bytes = kept === undefined || kept.length === 0 ? chunk.bytes : Buffer.concat([kept, chunk.bytes]);
    return this.#bytes;
  }
}
