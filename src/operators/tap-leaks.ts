import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { subscribeThrough } from '../flow/scope.ts';
import { functionOf } from '../options.ts';
import { type LeakReport, LeakWatch, type LeakWatchOptions } from '../profile/leak-watch.ts';

/**
 * Looks whether the values that go by leave memory behind, and reports at the end. Values pass untouched.
 *
 * - Emits: every value, at once; with `everyItems` behind a collection now and then.
 * - Waits: never; demand passes through.
 * - Holds: nothing.
 * - Fails: with the error of the source. `report` must not throw.
 *
 * @example
 * ```ts
 * const report = ({ isSuspected, bytesPerItem }: LeakReport) => console.log(isSuspected, bytesPerItem);
 * extract('big.dcm').pipe(tapLeaks(report, { everyItems: 1000 })).subscribe();
 * ```
 */
export function tapLeaks<T>(
  report: (report: LeakReport) => void,
  options: LeakWatchOptions = {},
): MonoTypeOperatorFunction<T> {
  functionOf('report', report);
  return (source) =>
    new Observable<T>((subscriber) => {
      const watch = new LeakWatch(options);
      watch.start();
      subscriber.add(() => report(watch.stop()));
      const observer = {
        next: (value: T) => {
          watch.count();
          subscriber.next(value);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      };
      subscribeThrough(source, subscriber, observer, subscriber);
    });
}
