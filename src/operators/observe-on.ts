import { type MonoTypeOperatorFunction, Observable, type SchedulerLike } from 'rxjs';
import type { Marks } from '../flow/gate.ts';
import { QueueStage } from '../flow/queue-stage.ts';
import { subscribeGated } from '../flow/scope.ts';

const DEFAULT_MARK = 1024;

/**
 * `observeOn` of rxjs with a bound: values go on from `scheduler`, and no more than `highWaterMark` of them wait for it.
 *
 * - Emits: every value, in order, each from a task of `scheduler`.
 * - Waits: the source waits while `highWaterMark` values are held.
 * - Holds: `highWaterMark` values (default 1,024).
 * - Fails: with the error of the source, behind the values that came before it.
 *
 * @example
 * ```ts
 * extract('scan.dcm').pipe(observeOn(asyncScheduler)).subscribe();
 * ```
 */
export function observeOn<T>(scheduler: SchedulerLike, delayMs = 0, options: Marks = {}): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable<T>((subscriber) => {
      let isDue = false;
      const pace = () => {
        if (isDue) {
          isDue = false;
          return undefined;
        }
        return (go: () => void) => {
          const action = scheduler.schedule(() => {
            subscriber.remove(action);
            isDue = true;
            go();
          }, delayMs);
          subscriber.add(action);
        };
      };
      const stage = new QueueStage<T>(subscriber, { ...options, label: 'observeOn', defaultMark: DEFAULT_MARK, pace });
      subscribeGated(source, stage.gate, stage, subscriber);
    });
}
