import type { Found } from '../find/found.ts';
import type { Failure } from './failure.ts';

/** A dead letter: a file that could not be read, or not to its end. A line of the list that `retry-dead` takes. */
export interface FailedFile extends Failure {
  /** The `file` of its records. */
  readonly file: string;
  /** The bytes of its name, if they are not UTF-8. */
  readonly nameBase64?: string;
  /** How often it has failed. A run that was interrupted does not count. */
  readonly attempts: number;
  /** When it failed last: ISO 8601, UTC. */
  readonly at: string;
}

/** The letter about an input. */
export function failedFile(found: Found, failure: Failure): FailedFile {
  const name = found.kind === 'file' && typeof found.name !== 'string' ? found.name : undefined;
  const attempts = (found.attempts ?? 0) + (failure.code === 'ERR_ABORTED' ? 0 : 1);
  return {
    file: found.path,
    ...(name === undefined ? {} : { nameBase64: name.toString('base64') }),
    ...failure,
    attempts,
    at: new Date().toISOString(),
  };
}
