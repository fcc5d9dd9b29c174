import { TidegateError } from '../errors.ts';

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The input does not exist or may not be opened. */
export function cannotOpen(name: string, cause: unknown): TidegateError {
  if (cause instanceof TidegateError) return cause;
  return new TidegateError('ERR_INPUT_OPEN', `Cannot open ${name}: ${reason(cause)}`, { file: name, cause });
}

/** A read failed. */
export function cannotRead(name: string, offset: number, cause: unknown): TidegateError {
  if (cause instanceof TidegateError) return cause;
  const message = `Cannot read ${name} at byte ${offset}: ${reason(cause)}`;
  return new TidegateError('ERR_INPUT_READ', message, { file: name, offset, cause });
}

/** The input is not what it was when it was opened. */
export function inputChanged(name: string, offset: number, seen: string): TidegateError {
  const message = `Cannot read ${name} at byte ${offset}: it changed while it was read, ${seen}`;
  return new TidegateError('ERR_INPUT_CHANGED', message, { file: name, offset });
}

/** A read after `close`. */
export function inputClosed(name: string): TidegateError {
  return new TidegateError('ERR_INPUT_READ', `Cannot read ${name}: it is closed`, { file: name });
}
