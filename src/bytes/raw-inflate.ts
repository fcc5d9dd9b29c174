import { createInflateRaw, type InflateRaw, type ZlibOptions } from 'node:zlib';
import { freeArrayBuffer } from '../memory/free-array-buffer.ts';
import { KiB } from '../units.ts';

const OUTPUT_BYTES = 64 * KiB;

/** RFC 1951 bytes in, plain bytes out, one step at a time: {@link feed}, then {@link take} until it waits for more. */
export class RawInflate {
  /** The deflate stream is over; {@link consumedBytes} says where. */
  isEnded = false;
  // a mark of 1: zlib waits after each piece of output, so that `read` never joins two
  readonly #zlib: InflateRaw = createInflateRaw({ chunkSize: OUTPUT_BYTES, readableHighWaterMark: 1 } as ZlibOptions);
  #given: Buffer | undefined;
  #error: Error | undefined;
  #isWriting = false;
  #isFinishing = false;
  #wake: (() => void) | undefined;

  constructor() {
    this.#zlib.on('readable', () => this.#notify());
    this.#zlib.on('end', () => {
      this.isEnded = true;
      this.#notify();
    });
    this.#zlib.on('error', (error) => {
      this.#error = error;
      this.#isWriting = false;
      this.#notify();
    });
  }

  /** It takes no more bytes for now. */
  get isBusy(): boolean {
    return this.#isWriting || this.#isFinishing;
  }

  /** Bytes of the deflate stream that were used so far. */
  get consumedBytes(): number {
    return this.#zlib.bytesWritten;
  }

  /** Gives it a piece, which must stay as it is until `isBusy` is false. */
  feed(piece: Uint8Array): void {
    this.#isWriting = true;
    this.#zlib.write(piece, () => {
      this.#isWriting = false;
      this.#notify();
    });
  }

  /** Says that no piece will follow: a stream that is not over by now fails with `Z_BUF_ERROR`. */
  finish(): void {
    this.#isFinishing = true;
    this.#zlib.end();
  }

  /** Bytes that are ready, valid until the next call, or `undefined`; throws what zlib found wrong. */
  take(): Buffer | undefined {
    this.#freeGiven();
    const bytes = this.#zlib.read() as Buffer | null;
    if (bytes === null && this.#error !== undefined) throw this.#error;
    this.#given = bytes ?? undefined;
    return this.#given;
  }

  /** zlib has left a piece of output that it filled; without this, a large input leaves its memory to the collector. */
  #freeGiven(): void {
    const given = this.#given;
    this.#given = undefined;
    if (given === undefined || given.buffer.byteLength !== OUTPUT_BYTES) return;
    if (given.byteOffset + given.length === OUTPUT_BYTES) freeArrayBuffer(given.buffer as ArrayBuffer);
  }

  /** Settles as soon as something has changed. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Frees zlib's memory; settles when it looks at no piece any more. */
  async close(): Promise<void> {
    this.#zlib.destroy();
    this.#notify();
    while (this.#isWriting) await this.wait();
  }
}
