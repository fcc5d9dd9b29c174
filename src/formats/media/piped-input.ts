import { type Chunk, unpooledChunk } from '../../bytes/chunk.ts';
import { type Input, isPromise } from '../../bytes/input.ts';

/** No pipe is longer: stands for a size that nobody knows yet. */
export const UNKNOWN_BYTES: number = Number.MAX_SAFE_INTEGER;

/**
 * A pipe that is longer than may be held: its start can be read anywhere, what follows once and front to back with
 * {@link readOn}. Holds its start.
 */
export class PipedInput implements Input {
  readonly name: string;
  readonly mtime: string | undefined;
  readonly isSeekable = true;
  readonly sizeBytes: number = UNKNOWN_BYTES;
  readonly #pipe: Input;
  readonly #held: Buffer;

  constructor(pipe: Input, held: Buffer) {
    this.name = pipe.name;
    this.mtime = pipe.mtime;
    this.#pipe = pipe;
    this.#held = held;
  }

  get bytesRead(): number {
    return this.#pipe.bytesRead;
  }

  /** What is held of the start. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** Reads the start, and nothing behind it. */
  read(offset: number, lengthBytes: number): Chunk {
    return unpooledChunk(this.#held.subarray(offset, offset + lengthBytes), offset);
  }

  /** Reads on, over the end of what is held. Caller releases the chunk. */
  readOn(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    const held = this.#held.subarray(offset, offset + lengthBytes);
    if (held.length === lengthBytes) return unpooledChunk(held, offset);
    const rest = this.#pipe.read(offset + held.length, lengthBytes - held.length, signal);
    if (held.length === 0) return rest;
    const join = (chunk: Chunk): Chunk => {
      const bytes = Buffer.concat([held, chunk.bytes]);
      chunk.release();
      return unpooledChunk(bytes, offset);
    };
    return isPromise(rest) ? rest.then(join) : join(rest);
  }

  close(): void | Promise<void> {
    return this.#pipe.close();
  }
}
