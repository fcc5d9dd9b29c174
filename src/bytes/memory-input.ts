import { type Chunk, unpooledChunk } from './chunk.ts';
import type { Input } from './input.ts';

/** What {@link MemoryInput} can be told about its bytes. */
export interface MemoryInputOptions {
  /** Name of the input in records. @defaultValue `'memory:'` */
  readonly name?: string | undefined;
  /** Last modification, ISO 8601. @defaultValue unknown */
  readonly mtime?: string | undefined;
}

/** An input over bytes that are in memory already; its chunks are views of them, not copies. */
export class MemoryInput implements Input {
  readonly name: string;
  readonly sizeBytes: number;
  readonly mtime: string | undefined;
  readonly isSeekable = true;
  bytesRead = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array, options: MemoryInputOptions = {}) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.name = options.name ?? 'memory:';
    this.mtime = options.mtime;
    this.sizeBytes = bytes.byteLength;
  }

  read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk {
    signal?.throwIfAborted();
    const bytes = this.#bytes.subarray(
      Math.min(offset, this.sizeBytes),
      Math.min(offset + lengthBytes, this.sizeBytes),
    );
    this.bytesRead += bytes.length;
    return unpooledChunk(bytes, offset);
  }

  close(): void {}
}
