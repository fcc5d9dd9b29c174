import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TidegateError } from '../errors.ts';
import { KiB } from '../units.ts';
import type { ByteTarget } from './byte-target.ts';

const SCRATCH_BYTES = 256 * KiB;

/**
 * A file that appears under its name when it is whole: written beside it under a temporary name, fsynced, renamed,
 * the folder fsynced. Until the rename an existing file stays as it was; `abort` removes the temporary one.
 * What is no regular file (`/dev/null`, a named pipe) is written in place.
 */
export class FileTarget implements ByteTarget {
  readonly name: string;
  bufferedBytes = 0;
  #path: string;
  #temporaryPath: string | undefined;
  #handle: FileHandle | undefined;
  // Text is encoded into the same memory again and again: a Buffer per batch would wait for the collector.
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  constructor(path: string) {
    this.name = path;
    this.#path = path;
  }

  async start(): Promise<void> {
    try {
      // The link stays a link: what is replaced is the file that it leads to.
      this.#path = await realpath(this.name).catch(() => this.name);
      const old = await stat(this.#path).catch(() => undefined);
      if (old && !old.isFile() && !old.isDirectory()) {
        this.#handle = await open(this.#path, 'w');
        return;
      }
      if (old?.isDirectory()) throw new Error('it is a folder');
      // A short name of its own: the target's may be as long as the file system allows.
      const temporaryPath = join(dirname(this.#path), `.tidegate-${randomUUID().slice(0, 13)}.tmp`);
      this.#handle = await open(temporaryPath, 'wx', old ? old.mode & 0o777 : 0o666);
      this.#temporaryPath = temporaryPath;
    } catch (error) {
      throw this.#failure('open', error);
    }
  }

  async write(piece: string | Uint8Array): Promise<void> {
    const bytes = typeof piece === 'string' ? this.#encode(piece) : piece;
    this.bufferedBytes = bytes.byteLength;
    try {
      // A full disk or a signal may cut a write short: the rest is written again, and tells why.
      for (let done = 0; done < bytes.byteLength; ) {
        done += (await this.#handle!.write(bytes, done)).bytesWritten;
      }
    } catch (error) {
      throw this.#failure('write', error);
    } finally {
      this.bufferedBytes = 0;
    }
  }

  async close(): Promise<void> {
    try {
      if (this.#temporaryPath === undefined) return await this.#closeHandle();
      await this.#handle!.sync();
      await this.#closeHandle();
      await rename(this.#temporaryPath, this.#path);
      this.#temporaryPath = undefined;
      await syncFolder(dirname(this.#path));
    } catch (error) {
      throw this.#failure('finish', error);
    }
  }

  async abort(): Promise<void> {
    await this.#closeHandle().catch(() => {});
    if (this.#temporaryPath === undefined) return;
    await rm(this.#temporaryPath, { force: true });
    this.#temporaryPath = undefined;
  }

  async #closeHandle(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  #encode(text: string): Uint8Array {
    if (text.length * 3 > SCRATCH_BYTES && Buffer.byteLength(text) > SCRATCH_BYTES) return Buffer.from(text);
    return this.#scratch.subarray(0, this.#scratch.write(text));
  }

  #failure(verb: string, error: unknown): Error {
    const { message } = error as Error;
    return new TidegateError('ERR_SINK', `Cannot ${verb} ${this.name}: ${message}`, { file: this.name, cause: error });
  }
}

/** A rename is durable when the folder is. Windows has no such call for folders, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
