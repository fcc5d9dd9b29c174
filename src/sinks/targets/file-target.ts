import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ByteTarget } from './byte-target.ts';
import { FileWriter, sinkFailure } from './file-writer.ts';
import { syncFolder } from './folder-sync.ts';
import { temporaryName } from './temporary-name.ts';

/**
 * A file that appears under its name when it is whole: written beside it under a temporary name, fsynced, renamed,
 * the folder fsynced. Until the rename an existing file stays as it was; `abort` removes the temporary one.
 * What is no regular file (`/dev/null`, a named pipe) is written in place.
 */
export class FileTarget implements ByteTarget {
  readonly name: string;
  #path: string;
  #temporaryPath: string | undefined;
  #file: FileWriter | undefined;

  constructor(path: string) {
    this.name = path;
    this.#path = path;
  }

  /** Where the file is until it is whole; of what is written in place, nothing. */
  get temporaryPath(): string | undefined {
    return this.#temporaryPath;
  }

  get bufferedBytes(): number {
    return this.#file?.bufferedBytes ?? 0;
  }

  async start(): Promise<void> {
    try {
      // The link stays a link: what is replaced is the file that it leads to.
      this.#path = await realpath(this.name).catch(() => this.name);
      const old = await stat(this.#path).catch(() => undefined);
      if (old?.isDirectory()) throw new Error('it is a folder');
      if (old && !old.isFile()) {
        this.#file = new FileWriter(this.name, await open(this.#path, 'w'));
        return;
      }
      const temporaryPath = temporaryName(dirname(this.#path));
      const handle = await open(temporaryPath, 'wx', old ? old.mode & 0o777 : 0o666);
      this.#file = new FileWriter(this.name, handle, 0);
      this.#temporaryPath = temporaryPath;
    } catch (error) {
      throw sinkFailure('open', this.name, error);
    }
  }

  write(piece: string | Uint8Array): void | Promise<void> {
    return this.#file!.write(piece);
  }

  async close(): Promise<void> {
    try {
      if (this.#temporaryPath === undefined) return await this.#file?.close();
      await this.#file!.sync();
      await this.#file!.close();
      await rename(this.#temporaryPath, this.#path);
      this.#temporaryPath = undefined;
      await syncFolder(dirname(this.#path));
    } catch (error) {
      throw sinkFailure('finish', this.name, error);
    }
  }

  async abort(): Promise<void> {
    await this.#file?.close().catch(() => {});
    if (this.#temporaryPath === undefined) return;
    await rm(this.#temporaryPath, { force: true });
    this.#temporaryPath = undefined;
  }
}
