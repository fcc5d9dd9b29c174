import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { subscribeThrough } from '../flow/scope.ts';
import { functionOf } from '../options.ts';
import { MemoryMonitor, type MemoryMonitorOptions, type MemorySummary } from '../profile/memory-monitor.ts';

/**
 * Watches memory from the subscription to the end, and reports the summary then. Meanwhile what it sees counts as the
 * pressure on this process: `mapAsync` lowers its concurrency when it is high. Values pass untouched.
 *
 * - Emits: every value, at once.
 * - Waits: never; demand passes through.
 * - Holds: no value; the last `sampleCount` samples, 1,200 by default.
 * - Fails: with the error of the source. `report` must not throw.
 *
 * @example
 * ```ts
 * const watched = extract('big.dcm').pipe(tapMemory(({ peak }) => console.log(peak.rssBytes), { everyMs: 100 }));
 * watched.subscribe();
 * ```
 */
export function tapMemory<T>(
  report: (summary: MemorySummary) => void,
  options: MemoryMonitorOptions = {},
): MonoTypeOperatorFunction<T> {
  functionOf('report', report);
  return (source) =>
    new Observable<T>((subscriber) => {
      const monitor = new MemoryMonitor(options);
      monitor.start();
      subscriber.add(() => report(monitor.stop()));
      const observer = {
        next: (value: T) => subscriber.next(value),
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      };
      subscribeThrough(source, subscriber, observer, subscriber);
    });
}
