import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { KiB } from '../../units.ts';

/** Bytes with a known end that can be read anywhere: a whole input, or parts of one in a new order. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Copies up to `target.length` bytes at `offset`; fewer only at the end. */
  readInto(target: Uint8Array, offset: number): number | Promise<number>;
}

/** Options of a {@link BlockReader}. */
export interface BlockReaderOptions {
  /** @defaultValue 64 KiB */
  readonly blockBytes?: number | undefined;
  /** Blocks that are kept. @defaultValue 8 */
  readonly blockCount?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Block {
  readonly index: number;
  readonly bytes: Buffer;
  /** The memory under the bytes, where others may have it later. */
  readonly spare?: Buffer | undefined;
}

/**
 * Reads an input in aligned blocks and keeps the last few, so that many small reads of a header cost a few large
 * ones. Holds at most `blockCount * blockBytes`. What is in a kept block comes without a promise.
 */
export class BlockReader implements ByteSource {
  readonly sizeBytes: number;
  readonly input: Input;
  readonly #blockBytes: number;
  readonly #blockCount: number;
  readonly #signal: AbortSignal | undefined;
  #blocks: Block[] = [];

  constructor(input: Input, options: BlockReaderOptions = {}) {
    if (input.sizeBytes === undefined) {
      const message = `Cannot read ${input.name} at any offset: its size is unknown`;
      throw new TidegateError('ERR_NOT_SEEKABLE', message, { file: input.name });
    }
    this.input = input;
    this.sizeBytes = input.sizeBytes;
    this.#blockBytes = Math.min(options.blockBytes ?? 64 * KiB, Math.max(this.sizeBytes, 1));
    this.#blockCount = options.blockCount ?? 8;
    this.#signal = options.signal;
  }

  /**
   * The bytes at `offset`, fewer where the input ends. `lengthBytes` is the caller's own bound, never a length
   * that the file declares. The view is valid until the next call.
   */
  view(offset: number, lengthBytes: number): Buffer | Promise<Buffer> {
    const endOffset = Math.min(offset + lengthBytes, this.sizeBytes);
    if (offset >= endOffset) return Buffer.alloc(0);
    const index = Math.floor(offset / this.#blockBytes);
    const start = offset - index * this.#blockBytes;
    if (start + (endOffset - offset) <= this.#blockBytes) {
      const block = this.#block(index);
      const cut = (found: Block): Buffer => found.bytes.subarray(start, start + (endOffset - offset));
      return isPromise(block) ? block.then(cut) : cut(block);
    }
    const target = Buffer.allocUnsafe(endOffset - offset);
    const count = this.readInto(target, offset);
    return isPromise(count) ? count.then((n) => target.subarray(0, n)) : target.subarray(0, count);
  }

  /** The bytes at `offset`, all of them: `ERR_TRUNCATED_INPUT` if the input ends before. */
  async exactly(offset: number, lengthBytes: number, what: string): Promise<Buffer> {
    const bytes = await this.view(offset, lengthBytes);
    if (bytes.length === lengthBytes) return bytes;
    throw this.truncated(offset, lengthBytes, what);
  }

  truncated(offset: number, neededBytes: number, what: string): TidegateError {
    const message = `Cannot read ${what}: ${neededBytes} bytes expected at ${offset}, the input ends at ${this.sizeBytes}`;
    return new TidegateError('ERR_TRUNCATED_INPUT', message, { file: this.input.name, offset, neededBytes });
  }

  readInto(target: Uint8Array, offset: number): number | Promise<number> {
    return this.#fill(target, offset, 0);
  }

  #fill(target: Uint8Array, offset: number, done: number): number | Promise<number> {
    while (done < target.length && offset + done < this.sizeBytes) {
      const position = offset + done;
      const index = Math.floor(position / this.#blockBytes);
      const copy = (block: Block): number => {
        const start = position - index * this.#blockBytes;
        const part = block.bytes.subarray(start, start + target.length - done);
        target.set(part, done);
        return part.length;
      };
      const block = this.#block(index);
      if (isPromise(block)) {
        return block.then((found) => {
          const count = copy(found);
          return count === 0 ? done : this.#fill(target, offset, done + count);
        });
      }
      const count = copy(block);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  #block(index: number): Block | Promise<Block> {
    const at = this.#blocks.findIndex((block) => block.index === index);
    if (at === 0) return this.#blocks[0]!;
    if (at > 0) {
      const [block] = this.#blocks.splice(at, 1);
      this.#blocks.unshift(block!);
      return block!;
    }
    const chunk = this.input.read(index * this.#blockBytes, this.#blockBytes, this.#signal);
    const keep = (read: { readonly bytes: Buffer; release(): void }): Block => {
      const block = this.#copy(index, read.bytes);
      read.release();
      this.#blocks.unshift(block);
      return block;
    };
    return isPromise(chunk) ? (chunk as Promise<Parameters<typeof keep>[0]>).then(keep) : keep(chunk);
  }

  /** Copies a block into memory that was used before, if there is some: new memory would wait for a full GC. */
  #copy(index: number, bytes: Buffer): Block {
    if (this.#blocks.length >= this.#blockCount) giveBack(this.#blocks.pop());
    if (bytes.length > SPARE_BYTES || bytes.length < SPARE_BYTES / 8) return { index, bytes: Buffer.from(bytes) };
    const spare = spares.pop() ?? Buffer.allocUnsafeSlow(SPARE_BYTES);
    bytes.copy(spare);
    return { index, bytes: spare.subarray(0, bytes.length), spare };
  }

  /** Gives its memory to the readers that come: no view of it may be used any more. */
  release(): void {
    for (const block of this.#blocks.splice(0)) giveBack(block);
  }
}

const SPARE_BYTES: number = 16 * KiB;
const MAX_SPARES = 32;
/** Memory of blocks that nobody reads, 512 KiB at the most. */
const spares: Buffer[] = [];

function giveBack(block: Block | undefined): void {
  if (block?.spare && spares.length < MAX_SPARES) spares.push(block.spare);
}
