import { defer, type MonoTypeOperatorFunction, tap } from 'rxjs';
import { bytesOf, type SizeOf, safeSize } from '../flow/size-of.ts';
import { functionOf, nonNegativeInteger } from '../options.ts';

/** How far a stream has come. */
export interface Progress {
  readonly items: number;
  /** Sum of `sizeOf`. */
  readonly bytes: number;
  readonly elapsedMs: number;
  /** `true` for the last report. */
  readonly isDone: boolean;
}

/** Options for {@link progress}. */
export interface ProgressOptions<T> {
  /** The shortest time between two reports. @defaultValue 1,000 */
  readonly everyMs?: number | undefined;
  /** Bytes of a value. @defaultValue length of buffers and strings, else 0 */
  readonly sizeOf?: SizeOf<T> | undefined;
}

/**
 * Reports how far the stream has come, now and then and at its end. Values pass untouched.
 *
 * - Emits: every value, at once.
 * - Waits: never; demand passes through.
 * - Holds: nothing, and no timer: a silent source makes no report.
 * - Fails: when `report` throws.
 *
 * @example
 * ```ts
 * extract('big.dcm').pipe(progress(({ items }) => console.error(`${items} records`))).subscribe();
 * ```
 */
export function progress<T>(
  report: (progress: Progress) => void,
  options: ProgressOptions<T> = {},
): MonoTypeOperatorFunction<T> {
  functionOf('report', report);
  const everyMs = nonNegativeInteger('everyMs', options.everyMs ?? 1000);
  const sizeOf = safeSize(options.sizeOf ?? bytesOf);
  return (source) =>
    defer(() => {
      const start = performance.now();
      let items = 0;
      let bytes = 0;
      let due = start + everyMs;
      const tell = (isDone: boolean) => report({ items, bytes, elapsedMs: performance.now() - start, isDone });
      const next = (value: T) => {
        items++;
        bytes += sizeOf(value);
        const now = performance.now();
        if (now < due) return;
        due = now + everyMs;
        tell(false);
      };
      const end = () => tell(true);
      return source.pipe(tap({ next, complete: end, error: end, unsubscribe: end }));
    });
}
