import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { Gate } from '../flow/gate.ts';
import { Producer } from '../flow/producer.ts';
import { subscribeGated } from '../flow/scope.ts';

/**
 * Frees a source from the gates behind it: for notifiers (`takeUntil`, `sample`, `retry`), which must be heard while
 * the values wait.
 *
 * - Emits: every value, at once.
 * - Waits: never, and the source neither.
 * - Holds: nothing. What is behind has to take whatever comes.
 * - Fails: with the error of the source.
 *
 * @example
 * ```ts
 * extract('scan.dcm').pipe(takeUntil(fromReadable(process.stdin).pipe(ungated()))).subscribe();
 * ```
 */
export function ungated<T>(): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable<T>((subscriber) => {
      const gate = new Gate('ungated', { highWaterMark: Number.POSITIVE_INFINITY }, Number.POSITIVE_INFINITY);
      const producer = new Producer<T>('ungated', subscriber);
      producer.queues?.add(gate);
      subscriber.add(() => gate.dispose());
      const observer = {
        next: (value: T) => producer.nextCut(value),
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      };
      subscribeGated(source, gate, observer, subscriber);
    });
}
