import { TidegateError } from '../../errors.ts';
import type { FileName } from './file-name.ts';

/** One input that was found, or the reason why there is none. */
export type Found =
  | {
      readonly kind: 'file';
      /** For records and messages. */
      readonly path: string;
      /** For opening it: the bytes of a name that is not UTF-8. */
      readonly name: FileName;
      /** How often it has failed already, where a list of dead letters says so. */
      readonly attempts?: number;
    }
  | { readonly kind: 'url' | 'stdin'; readonly path: string; readonly attempts?: number }
  | { readonly kind: 'issue'; readonly path: string; readonly error: TidegateError; readonly attempts?: number };

/** A {@link Found} that says what could not be done with `path`. */
export function foundIssue(path: string, verb: string, cause: Error): Found {
  const message = `Cannot ${verb} ${path}: ${cause.message}`;
  return { kind: 'issue', path, error: new TidegateError('ERR_INPUT_OPEN', message, { file: path, cause }) };
}

/** What a path or URL stands for when it is taken as it is: `-` is standard input. */
export function foundNamed(path: string): Found {
  if (path === '-') return { kind: 'stdin', path };
  if (/^(https?|file):/i.test(path)) return { kind: 'url', path };
  return { kind: 'file', path, name: path };
}
