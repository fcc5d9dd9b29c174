import { TidegateError } from '../errors.ts';

/** The compressed bytes end before the stream does. */
export function cutOff(file: string, offset: number): TidegateError {
  const message = `Cannot inflate all of ${file}: the compressed bytes end at byte ${offset}`;
  return new TidegateError('ERR_TRUNCATED_INPUT', message, { file, offset });
}

/** zlib cannot go on. */
export function damaged(file: string, offset: number, cause: Error): TidegateError {
  const message = `Cannot inflate ${file}: ${cause.message} at or after byte ${offset}`;
  return new TidegateError('ERR_INFLATE', message, { file, offset, cause });
}

/** All came out, and it is not what was packed. */
export function wrongChecksum(file: string, offset: number): TidegateError {
  const message = `Cannot trust what was inflated from ${file}: its checksum or size at byte ${offset} differ`;
  return new TidegateError('ERR_CHECKSUM', message, { file, offset });
}

/** A limit of the options, or of sense. */
export function limitReached(file: string, offset: number, seen: string, limit?: string): TidegateError {
  const message = `Cannot inflate more of ${file}: ${seen} reached at byte ${offset}`;
  return new TidegateError('ERR_LIMIT', message, { file, offset, limit });
}
