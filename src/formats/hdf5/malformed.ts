import { TidegateError } from '../../errors.ts';

/** The error for bytes that contradict the HDF5 File Format Specification. */
export function malformed(what: string, seen: string, offset?: number): TidegateError {
  return new TidegateError('ERR_MALFORMED', `Cannot read ${what}: ${seen}`, { offset });
}

/** The error for what the specification allows and this reader does not know. */
export function unsupported(what: string, seen: string, offset?: number): TidegateError {
  return new TidegateError('ERR_UNSUPPORTED', `Cannot read ${what}: ${seen}`, { offset });
}
