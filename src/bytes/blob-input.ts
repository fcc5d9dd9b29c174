import type { Blob } from 'node:buffer';
import { abortable } from './abortable.ts';
import { type Chunk, unpooledChunk } from './chunk.ts';
import type { Input } from './input.ts';
import { cannotRead, inputClosed } from './input-errors.ts';

/** An input over a Blob or File; each read is a slice of it. */
export class BlobInput implements Input {
  readonly isSeekable = true;
  readonly name: string;
  readonly sizeBytes: number;
  readonly mtime: string | undefined;
  bytesRead = 0;
  #blob: Blob | undefined;

  /** `name` is that of the input in records. @defaultValue the name of a File, else `'blob:'` */
  constructor(blob: Blob, name?: string) {
    const { name: fileName, lastModified } = blob as { name?: string; lastModified?: number };
    this.name = name ?? fileName ?? 'blob:';
    this.mtime = lastModified === undefined ? undefined : new Date(lastModified).toISOString();
    this.sizeBytes = blob.size;
    this.#blob = blob;
  }

  async read(offset: number, lengthBytes: number, signal?: AbortSignal): Promise<Chunk> {
    signal?.throwIfAborted();
    if (this.#blob === undefined) throw inputClosed(this.name);
    const end = Math.min(offset + lengthBytes, this.sizeBytes);
    if (end <= offset) return unpooledChunk(Buffer.alloc(0), offset);
    try {
      const bytes = Buffer.from(await abortable(this.#blob.slice(offset, end).arrayBuffer(), signal));
      this.bytesRead += bytes.length;
      return unpooledChunk(bytes, offset);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw cannotRead(this.name, offset, error);
    }
  }

  close(): void {
    this.#blob = undefined;
  }
}
