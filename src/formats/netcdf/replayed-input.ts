import { type Chunk, unpooledChunk } from '../../bytes/chunk.ts';
import type { Input } from '../../bytes/input.ts';

/** An input whose first bytes have been read already: a pipe cannot give them again, this can. */
export class ReplayedInput implements Input {
  readonly #input: Input;
  readonly #held: Buffer;

  constructor(input: Input, held: Buffer) {
    this.#input = input;
    this.#held = held;
  }

  get name(): string {
    return this.#input.name;
  }
  get mtime(): string | undefined {
    return this.#input.mtime;
  }
  get sizeBytes(): number | undefined {
    return this.#input.sizeBytes;
  }
  get isSeekable(): boolean {
    return this.#input.isSeekable;
  }
  get bytesRead(): number {
    return this.#input.bytesRead;
  }

  read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    if (offset >= this.#held.length) return this.#input.read(offset, lengthBytes, signal);
    return unpooledChunk(this.#held.subarray(offset, offset + lengthBytes), offset);
  }

  close(): void | Promise<void> {
    return this.#input.close();
  }
}
