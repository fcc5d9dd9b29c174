import type { Chunk } from '../../bytes/chunk.ts';
import { type Input, isPromise } from '../../bytes/input.ts';
import { KiB } from '../../units.ts';

/** The first read: nine of ten headers are shorter. */
const FIRST_BYTES = 8 * KiB;
/** The read behind a skip: enough for the next header, which is often followed by the next skip. */
const SKIP_BYTES = 64;
/** A shorter skip is none: one large read is cheaper than many small ones. */
const SKIP_GAP_BYTES = 4 * KiB;
/** By how much reads grow while they follow one another. */
const GROWTH = 8;
/** Reads stay a small part (one in 24) of what was read before: nobody knows where a header ends, and what lies behind is waste. */
const WASTE_SHARE = 24;

/** Contiguous bytes of an input that move forward with its reader; one read is in flight at most. */
export class ByteWindow {
  /** The bytes at `start`. Valid until the next `ensure`. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  readonly #input: Input;
  readonly #maxReadBytes: number;
  readonly #signal: AbortSignal | undefined;
  #endOffset: number | undefined;
  #nextReadBytes: number;
  #chunk: Chunk | undefined;
  #own = Buffer.alloc(0);

  constructor(input: Input, maxReadBytes: number, signal?: AbortSignal) {
    this.#input = input;
    this.#maxReadBytes = maxReadBytes;
    this.#nextReadBytes = Math.min(FIRST_BYTES, maxReadBytes);
    this.#signal = signal;
    this.#endOffset = input.sizeBytes;
  }

  /** Where the input ends, once that is known. */
  get endOffset(): number | undefined {
    return this.#endOffset;
  }

  /** No byte follows the window. */
  get isLast(): boolean {
    return this.#endOffset !== undefined && this.start + this.bytes.length >= this.#endOffset;
  }

  /**
   * Moves the window so that it has `countBytes` at `offset`, fewer only where the input ends. `offset` must not lie
   * before the window. Returns a promise only if the input has to be waited for.
   */
  ensure(offset: number, countBytes: number): void | Promise<void> {
    const end = this.start + this.bytes.length;
    if (offset + countBytes <= end) return;
    const tailBytes = Math.max(0, end - offset);
    if (offset > end + SKIP_GAP_BYTES) this.#nextReadBytes = Math.min(SKIP_BYTES, this.#maxReadBytes);
    const from = offset + tailBytes;
    let lengthBytes = Math.max(countBytes - tailBytes, this.#nextReadBytes);
    if (this.#endOffset !== undefined) lengthBytes = Math.max(0, Math.min(lengthBytes, this.#endOffset - from));
    const grown = Math.min(
      this.#nextReadBytes * GROWTH,
      Math.max(FIRST_BYTES, Math.floor(this.#input.bytesRead / WASTE_SHARE)),
    );
    this.#nextReadBytes = Math.min(grown, this.#maxReadBytes);
    if (lengthBytes === 0) return this.#keepTail(offset);
    const chunk = this.#input.read(from, lengthBytes, this.#signal);
    if (isPromise(chunk)) return chunk.then((read) => this.#take(read, offset, countBytes, lengthBytes));
    return this.#take(chunk, offset, countBytes, lengthBytes);
  }

  /** Gives the memory back. */
  release(): void {
    this.#chunk?.release();
    this.#chunk = undefined;
    this.bytes = this.#own = Buffer.alloc(0);
  }

  #keepTail(offset: number): void {
    this.bytes = this.bytes.subarray(Math.max(0, Math.min(offset - this.start, this.bytes.length)));
    this.start = offset;
  }

  #take(chunk: Chunk, offset: number, countBytes: number, askedBytes: number): void | Promise<void> {
    this.#keepTail(offset);
    const readBytes = chunk.bytes.length;
    if (readBytes === 0) this.#endOffset = this.#input.sizeBytes ?? chunk.offset;
    if (this.bytes.length === 0) {
      this.#chunk?.release();
      this.#chunk = chunk;
      this.bytes = chunk.bytes;
    } else this.#append(chunk);
    // a short read is the end only if the next one is empty; a failure of the input shows there, too
    if (readBytes > 0 && readBytes < askedBytes && !this.isLast) return this.ensure(offset, this.bytes.length + 1);
    if (this.bytes.length < countBytes && !this.isLast && readBytes > 0) return this.ensure(offset, countBytes);
  }

  #append(chunk: Chunk): void {
    const tail = this.bytes;
    const totalBytes = tail.length + chunk.bytes.length;
    if (this.#own.length < totalBytes) {
      const grown = Buffer.allocUnsafeSlow(Math.max(totalBytes, 2 * this.#own.length));
      tail.copy(grown);
      this.#own = grown;
    } else tail.copy(this.#own);
    chunk.bytes.copy(this.#own, tail.length);
    this.bytes = this.#own.subarray(0, totalBytes);
    chunk.release();
    this.#chunk?.release();
    this.#chunk = undefined;
  }
}
