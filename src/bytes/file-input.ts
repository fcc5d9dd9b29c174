import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { asTidegateError } from '../errors.ts';
import { type Chunk, unpooledChunk } from './chunk.ts';
import type { Input } from './input.ts';

/** Options for {@link openFile}. */
export interface FileInputOptions {
  /** Read synchronously: cheapest on a local disk, but the thread waits for it. @defaultValue false */
  readonly isSync?: boolean | undefined;
}

/** Opens a local file for reads at any offset. Caller closes. */
export function openFile(path: string, options: FileInputOptions = {}): Input {
  try {
    const fd = openSync(path, 'r');
    const stat = fstatSync(fd);
    return new FileInput(path, fd, stat.size, stat.mtime.toISOString(), options.isSync ?? false);
  } catch (error) {
    throw asTidegateError(error, 'ERR_INPUT_OPEN', { file: path });
  }
}

class FileInput implements Input {
  readonly isSeekable = true;
  readonly name: string;
  readonly localPath: string;
  readonly sizeBytes: number;
  readonly mtime: string;
  bytesRead = 0;
  readonly #isSync: boolean;
  #fd: number | undefined;

  constructor(name: string, fd: number, sizeBytes: number, mtime: string, isSync: boolean) {
    this.name = name;
    this.localPath = name;
    this.#fd = fd;
    this.sizeBytes = sizeBytes;
    this.mtime = mtime;
    this.#isSync = isSync;
  }

  read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    signal?.throwIfAborted();
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(lengthBytes, this.sizeBytes - offset)));
    if (this.#isSync) return this.#chunk(buffer, offset, readSync(this.#fd!, buffer, 0, buffer.length, offset));
    return new Promise((resolve, reject) => {
      read(this.#fd!, buffer, 0, buffer.length, offset, (error, count) =>
        error
          ? reject(asTidegateError(error, 'ERR_INPUT_READ', { file: this.name, offset }))
          : resolve(this.#chunk(buffer, offset, count)),
      );
    });
  }

  #chunk(buffer: Buffer, offset: number, count: number): Chunk {
    this.bytesRead += count;
    return unpooledChunk(buffer.subarray(0, count), offset);
  }

  close(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
  }
}
