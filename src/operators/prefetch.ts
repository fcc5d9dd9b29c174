import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { QueueStage } from '../flow/queue-stage.ts';
import { subscribeGated } from '../flow/scope.ts';
import { positiveInteger } from '../options.ts';

/**
 * Lets the source run `count` values ahead of what is behind, so that reading and working overlap.
 *
 * - Emits: every value, in order.
 * - Waits: the source waits while `count` values are held.
 * - Holds: `count` values.
 * - Fails: with the error of the source, behind the values that came before it.
 *
 * @example
 * ```ts
 * fromFile('big.bin').pipe(prefetch(2), mapAsync(upload)).subscribe();
 * ```
 */
export function prefetch<T>(count: number): MonoTypeOperatorFunction<T> {
  positiveInteger('count', count);
  return (source) =>
    new Observable<T>((subscriber) => {
      const marks = { highWaterMark: count, lowWaterMark: count - 1 };
      const stage = new QueueStage<T>(subscriber, { ...marks, label: 'prefetch', defaultMark: count });
      subscribeGated(source, stage.gate, stage, subscriber);
    });
}
