import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { TidegateError } from '../../errors.ts';
import { KiB } from '../../units.ts';
import type { FailedFile } from './failed-file.ts';

/** Where failed files are noted: the path of a list, one that is added to, or a function; a promise is waited for. */
export type DeadLetters =
  | string
  | { readonly path: string; readonly append?: boolean | undefined }
  | ((letter: FailedFile) => void | Promise<void>);

/** Takes the letters of one run. `close` makes them durable; `abandon` is for a run that did not come to its end. */
export interface LetterBox {
  write(letter: FailedFile): void | Promise<void>;
  close(): void | Promise<void>;
  /** Idempotent, and harmless after `close`. */
  abandon(): void;
}

/** The box behind an option. `ERR_SINK` if the list cannot be written. */
export function letterBox(letters: DeadLetters): LetterBox {
  if (typeof letters === 'function') return { write: letters, close: () => {}, abandon: () => {} };
  if (typeof letters === 'string') return new LetterFile(letters, false);
  return new LetterFile(letters.path, letters.append ?? false);
}

/** A list of dead letters, one JSON object a line, each written at once: failures are few, and a crash loses none. */
class LetterFile implements LetterBox {
  readonly #path: string;
  #fd: number | undefined;

  constructor(path: string, isAdding: boolean) {
    this.#path = path;
    this.#guarded('open', () => {
      this.#fd = openSync(path, isAdding ? 'a+' : 'w');
      if (isAdding) dropTornLine(this.#fd);
    });
  }

  write(letter: FailedFile): void {
    this.#guarded('write', () => void writeSync(this.#fd!, `${JSON.stringify(letter)}\n`));
  }

  close(): void {
    this.#guarded('finish', () => {
      // What is no regular file (/dev/stderr) cannot be synced, and need not.
      if (fstatSync(this.#fd!).isFile()) fdatasyncSync(this.#fd!);
    });
    this.abandon();
  }

  abandon(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #guarded(verb: string, work: () => void): void {
    try {
      work();
    } catch (cause) {
      const message = `Cannot ${verb} the list of dead letters ${this.#path}: ${(cause as Error).message}`;
      throw new TidegateError('ERR_SINK', message, { file: this.#path, cause });
    }
  }
}

/** A process that was killed may have left half a line at the end. */
function dropTornLine(fd: number): void {
  const stat = fstatSync(fd);
  if (!stat.isFile()) return;
  const block = Buffer.alloc(4 * KiB);
  let end = stat.size;
  while (end > 0) {
    const start = Math.max(0, end - block.length);
    const lineEnd = block.subarray(0, readSync(fd, block, 0, end - start, start)).lastIndexOf(0x0a);
    if (lineEnd >= 0) {
      if (start + lineEnd + 1 < stat.size) ftruncateSync(fd, start + lineEnd + 1);
      return;
    }
    end = start;
  }
  if (stat.size > 0) ftruncateSync(fd, 0);
}
