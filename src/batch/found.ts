import { TidegateError } from '../errors.ts';
import type { FileName } from './file-name.ts';

/** One input that was found, or the reason why there is none. */
export type Found =
  | { readonly kind: 'file' /** For records and messages. */; readonly path: string; readonly name: FileName }
  | { readonly kind: 'url' | 'stdin'; readonly path: string }
  | { readonly kind: 'issue'; readonly path: string; readonly error: TidegateError };

/** A {@link Found} that says what could not be done with `path`. */
export function foundIssue(path: string, verb: string, cause: Error): Found {
  const message = `Cannot ${verb} ${path}: ${cause.message}`;
  return { kind: 'issue', path, error: new TidegateError('ERR_INPUT_OPEN', message, { file: path, cause }) };
}
