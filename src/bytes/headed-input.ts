import { type Chunk, unpooledChunk } from './chunk.ts';
import type { Input } from './input.ts';
import { WrappedInput } from './wrapped-input.ts';

/** An input whose first bytes were read before anybody asked: reads of them are answered from memory. */
export class HeadedInput extends WrappedInput {
  #head: Buffer | undefined;
  readonly #drop: () => void;

  /** `drop` is called once, when the head is not kept any more: the reader has gone beyond it, or closed. */
  constructor(input: Input, head: Buffer, drop: () => void) {
    super(input);
    this.#head = head;
    this.#drop = drop;
  }

  override read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    const head = this.#head;
    const end = Math.min(offset + lengthBytes, this.sizeBytes ?? Number.POSITIVE_INFINITY);
    if (head !== undefined && end <= head.length) {
      signal?.throwIfAborted();
      return unpooledChunk(head.subarray(Math.min(offset, end), end), offset);
    }
    if (head !== undefined && offset >= head.length) this.#dropHead();
    return this.input.read(offset, lengthBytes, signal);
  }

  override close(): void | Promise<void> {
    this.#dropHead();
    return super.close();
  }

  #dropHead(): void {
    if (this.#head === undefined) return;
    this.#head = undefined;
    this.#drop();
  }
}
