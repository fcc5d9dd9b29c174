import { defer, type MonoTypeOperatorFunction, tap } from 'rxjs';
import { hintMajor, hintMinor } from '../memory/gc-hints.ts';
import { presentPressure } from '../memory/pressure.ts';
import { nonNegativeInteger, positiveNumber } from '../options.ts';

/** Options for {@link hintGc}. */
export interface HintGcOptions {
  /** The most of the process's time that minor collections may take. @defaultValue 0.05 */
  readonly maxTimeRatio?: number | undefined;
  /** The shortest time between two looks. @defaultValue 2 */
  readonly everyMs?: number | undefined;
}

/**
 * Lets V8 collect between two values, when a library has left 8 MiB or more of Buffers behind: a minor collection, and
 * under critical pressure a major one, at most every 2 s. Needs no flag on the command line. For what tidegate reads
 * itself it is not needed: that memory is used again.
 *
 * - Emits: every value, at once; the collection comes behind it, when all that is synchronous is done with it.
 * - Waits: never; demand passes through.
 * - Holds: nothing.
 * - Fails: with the error of the source.
 *
 * @example
 * ```ts
 * files.pipe(mapAsync((file) => readFile(file), { concurrency: 2 }), hintGc()).subscribe((bytes) => use(bytes));
 * ```
 */
export function hintGc<T>(options: HintGcOptions = {}): MonoTypeOperatorFunction<T> {
  const maxTimeRatio = positiveNumber('maxTimeRatio', options.maxTimeRatio ?? 0.05);
  const everyMs = nonNegativeInteger('everyMs', options.everyMs ?? 2);
  return (source) =>
    defer(() => {
      let dueMs = 0;
      let isAsked = false;
      const hint = () => {
        isAsked = false;
        if (presentPressure() !== 'critical' || !hintMajor()) hintMinor(maxTimeRatio);
        dueMs = performance.now() + everyMs;
      };
      const next = () => {
        if (isAsked || performance.now() < dueMs) return;
        isAsked = true;
        setImmediate(hint);
      };
      return source.pipe(tap(next));
    });
}
