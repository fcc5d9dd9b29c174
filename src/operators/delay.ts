import { asyncScheduler, type MonoTypeOperatorFunction, Observable, type SchedulerLike } from 'rxjs';
import type { Marks } from '../flow/gate.ts';
import { QueueStage } from '../flow/queue-stage.ts';
import { subscribeGated } from '../flow/scope.ts';

const DEFAULT_MARK = 1024;

/**
 * `delay` of rxjs with a bound: values come `due` later, and no more than `highWaterMark` of them are under way.
 *
 * - Emits: every value, in order, `due` milliseconds (or at the date `due`) after it came, or later.
 * - Waits: the source waits while `highWaterMark` values are under way.
 * - Holds: `highWaterMark` values (default 1,024).
 * - Fails: with the error of the source, behind the values that came before it.
 *
 * @example
 * ```ts
 * extract('scan.dcm').pipe(delay(100)).subscribe();
 * ```
 */
export function delay<T>(
  due: number | Date,
  scheduler: SchedulerLike = asyncScheduler,
  options: Marks = {},
): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable<T>((subscriber) => {
      const dueTimes: number[] = [];
      const at = () => (due instanceof Date ? due.getTime() : scheduler.now() + due);
      const pace = () => {
        const waitMs = dueTimes[0]! - scheduler.now();
        if (waitMs > 0) return (go: () => void) => void subscriber.add(scheduler.schedule(go, waitMs));
        dueTimes.shift();
        return undefined;
      };
      const stage = new QueueStage<T>(subscriber, { ...options, label: 'delay', defaultMark: DEFAULT_MARK, pace });
      const next = (value: T) => {
        dueTimes.push(at());
        stage.next(value);
      };
      const { gate } = stage;
      subscribeGated(
        source,
        gate,
        { next, error: (e) => stage.error(e), complete: () => stage.complete() },
        subscriber,
      );
    });
}
