import { link, open, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ByteTarget } from '../targets/byte-target.ts';
import { FileWriter, sinkFailure } from '../targets/file-writer.ts';
import { syncFolder } from '../targets/folder-sync.ts';
import { temporaryName } from '../targets/temporary-name.ts';

/**
 * One file of a folder of parts: written under a temporary name, fsynced, linked to its own. A link and no rename: if
 * somebody has taken the name meanwhile, that part stays and this one fails.
 */
export class PartTarget implements ByteTarget {
  readonly name: string;
  readonly temporaryPath: string;
  #file: FileWriter | undefined;

  constructor(path: string) {
    this.name = path;
    this.temporaryPath = temporaryName(dirname(path));
  }

  get bufferedBytes(): number {
    return this.#file?.bufferedBytes ?? 0;
  }

  async start(): Promise<void> {
    try {
      this.#file = new FileWriter(this.name, await open(this.temporaryPath, 'wx'), 0);
    } catch (error) {
      throw sinkFailure('open', this.name, error);
    }
  }

  write(piece: string | Uint8Array): void | Promise<void> {
    return this.#file!.write(piece);
  }

  async close(): Promise<void> {
    try {
      await this.#file!.sync();
      await this.#file!.close();
      await link(this.temporaryPath, this.name);
      await rm(this.temporaryPath);
      await syncFolder(dirname(this.name));
    } catch (error) {
      await this.abort();
      throw sinkFailure('finish', this.name, error);
    }
  }

  async abort(): Promise<void> {
    await this.#file?.close().catch(() => {});
    await rm(this.temporaryPath, { force: true });
  }
}

/** The name of a part by its number, from 1. */
export function partName(number: number, ending: string): string {
  return `part-${String(number).padStart(6, '0')}${ending}`;
}

/** The number of a part by its name; `undefined` if it is none. */
export function partNumber(path: string): number | undefined {
  const digits = /^part-(\d{6,})\./.exec(basename(path))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
