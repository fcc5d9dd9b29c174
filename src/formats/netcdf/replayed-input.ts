import { type Chunk, unpooledChunk } from '../../bytes/chunk.ts';
import type { Input } from '../../bytes/input.ts';
import { WrappedInput } from '../../bytes/wrapped-input.ts';

/** An input whose first bytes have been read already: a pipe cannot give them again, this can. */
export class ReplayedInput extends WrappedInput {
  readonly #held: Buffer;

  constructor(input: Input, held: Buffer) {
    super(input);
    this.#held = held;
  }

  override read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    if (offset >= this.#held.length) return this.input.read(offset, lengthBytes, signal);
    return unpooledChunk(this.#held.subarray(offset, offset + lengthBytes), offset);
  }
}
