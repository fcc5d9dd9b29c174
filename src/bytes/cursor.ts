import { TidegateError } from '../errors.ts';
import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { KiB } from '../units.ts';
import type { Chunk } from './chunk.ts';
import { type Input, isPromise } from './input.ts';

/** Options for {@link Cursor}. */
export interface CursorOptions {
  /** Where it begins. @defaultValue 0 */
  readonly offset?: number | undefined;
  /** Bytes per read of the input, where no more are asked for. @defaultValue 64 KiB */
  readonly windowBytes?: number | undefined;
  /** Passed to every read. */
  readonly signal?: AbortSignal | undefined;
}

const EMPTY: Buffer = Buffer.alloc(0);

/**
 * A place in an input: wait once with `fill`, then read fields without waiting. Works over any input, and does not
 * depend on how the bytes come. Caller closes (the input stays open).
 *
 * @example
 * ```ts
 * if (cursor.remainingBytes < 8) await cursor.fill(8);
 * const group = cursor.uint16(true);
 * const element = cursor.uint16(true);
 * cursor.skip(cursor.uint32(true));
 * ```
 */
export class Cursor {
  readonly #input: Input;
  readonly #windowBytes: number;
  readonly #signal: AbortSignal | undefined;
  #chunk: Chunk | undefined;
  #bytes: Buffer = EMPTY;
  /** One view a window: a new one a field costs ten times as much as the read. */
  #view: DataView = new DataView(EMPTY.buffer, 0, 0);
  /** Where in the input the window begins. */
  #windowOffset: number;
  /** The place in the window; beyond its end after a skip. */
  #index = 0;

  constructor(input: Input, options: CursorOptions = {}) {
    this.#input = input;
    this.#windowBytes = positiveInteger('windowBytes', options.windowBytes ?? 64 * KiB);
    this.#windowOffset = nonNegativeInteger('offset', options.offset ?? 0);
    this.#signal = options.signal;
  }

  /** The byte in the input that is read next. */
  get offset(): number {
    return this.#windowOffset + this.#index;
  }

  /** Bytes that can be read before the next `fill`. */
  get remainingBytes(): number {
    return Math.max(0, this.#bytes.length - this.#index);
  }

  /**
   * Makes at least `lengthBytes` readable. A plain value where the input answers at once: check with `isPromise`,
   * or `await`. What `bytes` gave before is not valid any more. `ERR_TRUNCATED_INPUT` if the input ends before.
   */
  fill(lengthBytes: number): void | Promise<void> {
    const filled = this.fillUpTo(lengthBytes);
    if (isPromise(filled)) return filled.then((count) => this.#expect(lengthBytes, count));
    return this.#expect(lengthBytes, filled);
  }

  /** The same where the input may end: returns how many bytes can be read, at least `lengthBytes` unless it ends. */
  fillUpTo(lengthBytes: number): number | Promise<number> {
    if (this.remainingBytes >= lengthBytes) return this.remainingBytes;
    const { offset } = this;
    this.#leaveWindow(offset);
    // What is left of the window is read again: it is short, and every input still holds it.
    const chunk = this.#input.read(offset, Math.max(lengthBytes, this.#windowBytes), this.#signal);
    return isPromise(chunk) ? chunk.then((late) => this.#enterWindow(late)) : this.#enterWindow(chunk);
  }

  #enterWindow(chunk: Chunk): number {
    const { bytes } = chunk;
    this.#chunk = chunk;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return bytes.length;
  }

  #leaveWindow(offset: number): void {
    this.#chunk?.release();
    this.#chunk = undefined;
    this.#bytes = EMPTY;
    this.#windowOffset = offset;
    this.#index = 0;
  }

  /** An input that failed gives a short chunk first, and why with the next read: that goes before our own error. */
  #expect(lengthBytes: number, count: number): void | Promise<void> {
    if (count >= lengthBytes) return;
    const probe = this.#input.read(this.offset + count, 1, this.#signal);
    if (isPromise(probe)) return probe.then((chunk) => this.#refuseShort(lengthBytes, count, chunk));
    this.#refuseShort(lengthBytes, count, probe);
  }

  #refuseShort(lengthBytes: number, count: number, probe: Chunk): never {
    probe.release();
    const { offset } = this;
    const { name: file } = this.#input;
    const message = `Cannot read ${lengthBytes} bytes at byte ${offset} of ${file}: it ends at byte ${offset + count}`;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file, offset, neededBytes: lengthBytes });
  }

  /** Goes on behind `lengthBytes` bytes, which need not be there. */
  skip(lengthBytes: number): void {
    this.#index += lengthBytes;
  }

  /** Goes to a byte of the input; the window stays if it has that byte. */
  seek(offset: number): void {
    const index = offset - this.#windowOffset;
    if (index >= 0 && index <= this.#bytes.length) this.#index = index;
    else this.#leaveWindow(offset);
  }

  /** Goes on behind `lengthBytes` readable bytes; returns where they begin in the window. */
  #take(lengthBytes: number): number {
    const index = this.#index;
    if (index + lengthBytes > this.#bytes.length) this.#refuse(lengthBytes);
    this.#index = index + lengthBytes;
    return index;
  }

  #refuse(lengthBytes: number): void {
    if (lengthBytes === 0) return; // nothing can be read everywhere, also behind the window
    const message = `Cannot read ${lengthBytes} bytes at byte ${this.offset}: ${this.remainingBytes} are filled`;
    throw new TidegateError('ERR_INTERNAL', message, { file: this.#input.name, offset: this.offset });
  }

  uint8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  int8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  uint16(isLittleEndian = false): number {
    return this.#view.getUint16(this.#take(2), isLittleEndian);
  }

  int16(isLittleEndian = false): number {
    return this.#view.getInt16(this.#take(2), isLittleEndian);
  }

  uint32(isLittleEndian = false): number {
    return this.#view.getUint32(this.#take(4), isLittleEndian);
  }

  int32(isLittleEndian = false): number {
    return this.#view.getInt32(this.#take(4), isLittleEndian);
  }

  uint64(isLittleEndian = false): bigint {
    return this.#view.getBigUint64(this.#take(8), isLittleEndian);
  }

  int64(isLittleEndian = false): bigint {
    return this.#view.getBigInt64(this.#take(8), isLittleEndian);
  }

  float32(isLittleEndian = false): number {
    return this.#view.getFloat32(this.#take(4), isLittleEndian);
  }

  float64(isLittleEndian = false): number {
    return this.#view.getFloat64(this.#take(8), isLittleEndian);
  }

  /** So many bytes as text, each its own character (ISO 8859-1, of which ASCII is a part). */
  ascii(lengthBytes: number): string {
    const start = this.#take(lengthBytes);
    return this.#bytes.toString('latin1', start, start + lengthBytes);
  }

  /** A view of so many bytes, valid until the next `fill`, `seek` or `close`: copy what must live longer. */
  bytes(lengthBytes: number): Buffer {
    const start = this.#take(lengthBytes);
    return this.#bytes.subarray(start, start + lengthBytes);
  }

  /** The next byte, which stays the next; `undefined` if none is filled. */
  peek(): number | undefined {
    return this.#bytes[this.#index];
  }

  /** Gives the window back. */
  close(): void {
    this.#leaveWindow(this.offset);
  }
}
