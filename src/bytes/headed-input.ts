import { type Chunk, unpooledChunk } from './chunk.ts';
import type { Input } from './input.ts';
import { WrappedInput } from './wrapped-input.ts';

/** The first bytes of an input, read before anybody asked. */
export interface InputHead {
  readonly head: Buffer;
  /** What it added to the `bytesRead` of the input. */
  readonly costBytes: number;
  /** Called once, when the head is not kept any more: the reader has gone beyond it, or closed. */
  readonly drop: () => void;
}

/** An input whose head is there: reads of it are answered from memory. */
export class HeadedInput extends WrappedInput {
  #ahead: InputHead | undefined;
  readonly #costBytes: number;
  #servedBytes = 0;

  constructor(input: Input, ahead: InputHead) {
    super(input);
    this.#ahead = ahead;
    this.#costBytes = ahead.costBytes;
  }

  /** As if each read had gone to the input when it was asked for: the same, whether there was time to read ahead or not. */
  override get bytesRead(): number {
    return this.input.bytesRead - this.#costBytes + this.#servedBytes;
  }

  override read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    const head = this.#ahead?.head;
    const end = Math.min(offset + lengthBytes, this.sizeBytes ?? Number.POSITIVE_INFINITY);
    if (head !== undefined && end <= head.length) {
      signal?.throwIfAborted();
      const bytes = head.subarray(Math.min(offset, end), end);
      if (this.#costBytes > 0) this.#servedBytes += bytes.length;
      return unpooledChunk(bytes, offset);
    }
    if (head !== undefined && offset >= head.length) this.#dropHead();
    return this.input.read(offset, lengthBytes, signal);
  }

  override close(): void | Promise<void> {
    this.#dropHead();
    return super.close();
  }

  #dropHead(): void {
    this.#ahead?.drop();
    this.#ahead = undefined;
  }
}
