import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { openFile } from '../../../bytes/file-input.ts';
import type { Input } from '../../../bytes/input.ts';
import { cannotOpen } from '../../../bytes/input-errors.ts';
import { TidegateError } from '../../../errors.ts';

/** The one folder into which a file may point. Where symbolic links lead counts, not where they stand. */
export class ExternalRoot {
  readonly #root: string;

  /** `ERR_OPTION` where there is no such folder. */
  constructor(root: string) {
    try {
      this.#root = realpathSync(root);
    } catch (cause) {
      const message = `Cannot follow into followExternal.root ${root}: ${(cause as Error).message}`;
      throw new TidegateError('ERR_OPTION', message, { option: 'followExternal.root', cause });
    }
  }

  /**
   * Opens the file that `name` stands for in `from`: next to it where that is a local file, else in the folder.
   * `ERR_INPUT_OPEN` where that is outside, missing, or no ordinary file. Caller closes.
   */
  open(name: string, from: Input): Input {
    const base = from.localPath === undefined ? this.#root : realpathSync(dirname(from.localPath));
    const written = resolve(base, name);
    // First as it is written: nobody shall learn from the answer what there is outside.
    if (!this.#has(written)) throw this.#outside(name);
    const path = real(written, name);
    if (!this.#has(path)) throw this.#outside(name);
    const input = openFile(path);
    if (input.isSeekable) return input;
    void input.close();
    throw cannotOpen(name, new Error('it is no ordinary file'));
  }

  #has(path: string): boolean {
    const within = relative(this.#root, path);
    return within !== '' && within.split(/[/\\]/)[0] !== '..' && !isAbsolute(within);
  }

  #outside(name: string): TidegateError {
    const message = `Cannot follow ${name}: it is outside of followExternal.root`;
    return new TidegateError('ERR_INPUT_OPEN', message, { file: name, root: this.#root });
  }
}

function real(path: string, name: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw cannotOpen(name, cause);
  }
}
