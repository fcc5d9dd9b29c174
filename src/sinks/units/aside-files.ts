import { open, rm } from 'node:fs/promises';
import { FileWriter, sinkFailure } from '../targets/file-writer.ts';
import { temporaryName } from '../targets/temporary-name.ts';

/** Text of files that have not ended, out of memory: a file without a name each, gone with the process. */
export class AsideFiles {
  readonly #folder: string;
  readonly #files = new Map<number, FileWriter>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds to what was set aside under this number. */
  async add(id: number, pieces: readonly (string | Uint8Array)[]): Promise<void> {
    const file = this.#files.get(id) ?? (await this.#open(id));
    // One write for many short pieces.
    if (pieces.every((piece) => typeof piece === 'string')) await file.write(pieces.join(''));
    else for (const piece of pieces) await file.write(piece);
  }

  /** What was set aside under this number, in pieces in memory that is used again. */
  read(id: number): AsyncIterable<Uint8Array> {
    return this.#files.get(id)!.read();
  }

  async drop(id: number): Promise<void> {
    const file = this.#files.get(id);
    this.#files.delete(id);
    await file?.close();
  }

  async close(): Promise<void> {
    for (const id of [...this.#files.keys()]) await this.drop(id);
  }

  async #open(id: number): Promise<FileWriter> {
    const path = temporaryName(this.#folder);
    try {
      const handle = await open(path, 'wx+', 0o600);
      // Without a name nothing is left of it, whatever ends the process.
      await rm(path);
      const file = new FileWriter(path, handle, 0);
      this.#files.set(id, file);
      return file;
    } catch (error) {
      throw sinkFailure('open', path, error);
    }
  }
}
