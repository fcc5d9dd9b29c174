import { TidegateError } from '../../errors.ts';
import { sinkFailure } from '../targets/file-writer.ts';

/** What `work` gives; what it throws, as an `ERR_SINK` that says what could not be done with what. */
export async function guarded<T>(name: string, verb: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw sinkFailure(verb, name, error);
  }
}

/** The path of a database; `ERR_OPTION` if it is none. */
export function databasePath(path: string): string {
  if (typeof path === 'string' && path !== '') return path;
  throw new TidegateError('ERR_OPTION', 'Cannot write to this database: expected a path', { option: 'path' });
}
