import { TidegateError } from '../../../errors.ts';

/** The work was cancelled. */
export function aborted(signal: AbortSignal): TidegateError {
  return new TidegateError('ERR_ABORTED', 'Cannot run ffmpeg: the work was cancelled', { cause: signal.reason });
}

/** The program is not there, or may not be run. */
export function cannotStart(path: string, cause: NodeJS.ErrnoException): TidegateError {
  return new TidegateError('ERR_CHILD_PROCESS', `Cannot start ${path}: ${cause.message}`, {
    path,
    errno: cause.code,
    cause,
  });
}

/** A deadline has passed: that of the whole run, or that of one read. */
export function timedOut(path: string, which: 'wall' | 'idle', limitMs: number): TidegateError {
  const what = which === 'wall' ? 'did not end' : 'sent nothing';
  return new TidegateError('ERR_TIMEOUT', `Cannot wait for ${path}: it ${what} for ${limitMs} ms`, { limitMs });
}
