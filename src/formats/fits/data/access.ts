import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import type { Hdu } from '../hdu.ts';
import type { Window } from '../window.ts';
import type { Checksum } from './checksum.ts';

/** What {@link DataAccess} may take. */
export interface AccessOptions {
  readonly chunkBytes: number;
  readonly maxHeldBytes: number;
}

/**
 * The data unit of one HDU by offsets within it. What is read in order is summed up on the way, so that a checksum
 * needs no second pass where the order allows.
 */
export class DataAccess {
  readonly #window: Window;
  readonly #hdu: Hdu;
  readonly #options: AccessOptions;
  readonly #checksum: Checksum | undefined;
  #summedBytes = 0;
  #held: Buffer | undefined;

  constructor(window: Window, hdu: Hdu, options: AccessOptions, checksum?: Checksum) {
    this.#window = window;
    this.#hdu = hdu;
    this.#options = options;
    this.#checksum = checksum;
  }

  /** Bytes of the data, without padding. */
  get dataBytes(): number {
    return this.#hdu.dataBytes;
  }

  /** An `ERR_LIMIT` if `bytes` are more than may be held at once. */
  expectHoldable(bytes: number, what: string): void {
    const { maxHeldBytes } = this.#options;
    if (bytes <= maxHeldBytes) return;
    const message = `Cannot read ${what} of ${this.#hdu.path}: ${bytes} bytes are more than maxHeldBytes of ${maxHeldBytes}`;
    throw new TidegateError('ERR_LIMIT', message, { offset: this.#hdu.dataOffset, limit: 'maxHeldBytes' });
  }

  /** To be called before reads that go back: on an input that cannot seek, the data are held from now on. */
  async allowSeeks(): Promise<void> {
    if (this.#window.input.isSeekable || this.#held !== undefined) return;
    const { dataBytes, dataOffset, path } = this.#hdu;
    if (dataBytes > this.#options.maxHeldBytes) {
      const message = `Cannot read the heap of ${path} on an input that cannot seek: its ${dataBytes} bytes are more than maxHeldBytes of ${this.#options.maxHeldBytes}`;
      throw new TidegateError('ERR_NOT_SEEKABLE', message, { offset: dataOffset });
    }
    const pieces: Buffer[] = [];
    for (let at = 0; at < dataBytes; ) {
      const bytes = await this.some(at, dataBytes - at);
      pieces.push(Buffer.from(bytes));
      at += bytes.length;
    }
    this.#held = Buffer.concat(pieces);
  }

  /** Fills `target` from `offset` on. `ERR_TRUNCATED_INPUT` where the input ends before. */
  async readInto(target: Buffer, offset: number): Promise<void> {
    for (let filled = 0; filled < target.length; ) {
      const some = this.some(offset + filled, target.length - filled);
      const bytes = isPromise(some) ? await some : some;
      target.set(bytes, filled);
      filled += bytes.length;
    }
  }

  /** Reads on to the end of the padding for the checksum. `false`: the input ends before the data do. */
  async sumRest(): Promise<boolean> {
    const { dataOffset, endOffset } = this.#hdu;
    while (this.#checksum !== undefined && dataOffset + this.#summedBytes < endOffset) {
      const at = dataOffset + this.#summedBytes;
      const some = this.#window.some(at, Math.min(this.#options.chunkBytes, endOffset - at));
      const bytes = isPromise(some) ? await some : some;
      if (bytes.length === 0) break;
      this.#sum(bytes, this.#summedBytes);
    }
    return this.#summedBytes >= this.#hdu.dataBytes;
  }

  /** 1 to `lengthBytes` bytes from `offset` on; valid until the next call. `ERR_TRUNCATED_INPUT` where there are none. */
  some(offset: number, lengthBytes: number): Buffer | Promise<Buffer> {
    if (this.#held !== undefined) return this.#held.subarray(offset, offset + lengthBytes);
    const at = this.#hdu.dataOffset + offset;
    const some = this.#window.some(at, Math.min(lengthBytes, this.#options.chunkBytes));
    return isPromise(some) ? some.then((bytes) => this.#got(bytes, offset)) : this.#got(some, offset);
  }

  #got(bytes: Buffer, offset: number): Buffer {
    if (bytes.length === 0) {
      const at = this.#hdu.dataOffset + offset;
      const message = `Cannot read all data of ${this.#hdu.path}: the file ends at byte ${at}`;
      throw new TidegateError('ERR_TRUNCATED_INPUT', message, { offset: at });
    }
    this.#sum(bytes, offset);
    return bytes;
  }

  #sum(bytes: Buffer, offset: number): void {
    if (this.#checksum === undefined || offset !== this.#summedBytes) return;
    this.#checksum.add(bytes);
    this.#summedBytes += bytes.length;
  }
}
