import { Observable, type OperatorFunction } from 'rxjs';
import { subscribeGated } from '../flow/scope.ts';
import { openStage } from '../flow/stage.ts';
import { isTurnOver, nextTurn } from '../flow/turn.ts';

const BURST = 64;

/**
 * Takes arrays apart, element by element, and stops in the middle of one when there is no room behind.
 *
 * - Emits: the elements of every array, in order.
 * - Waits: the source waits while an array is not yet through.
 * - Holds: one array (those that a source which cannot wait pushes meanwhile, too).
 * - Fails: with the error of the source, behind the elements that came before it.
 *
 * @example
 * ```ts
 * extract('scan.dcm').pipe(bufferCount(100), unbatch()).subscribe();
 * ```
 */
export function unbatch<T>(): OperatorFunction<readonly T[], T> {
  return (source) =>
    new Observable<T>((subscriber) => {
      const waiting: (readonly T[])[] = [];
      let index = 0;
      let isRunning = false;
      let end: (() => void) | undefined;
      const busy = () => waiting.length > 0;
      const stage = openStage<T>(subscriber, { label: 'unbatch', highWaterMark: 1, defaultMark: 1, busy });
      const { gate, producer } = stage;
      const run = (): void => {
        isRunning = true;
        while (waiting.length > 0 && !subscriber.closed) {
          if (!producer.isOpen) return producer.whenOpen(run);
          const start = index;
          index = producer.burst(waiting[0]!, start, BURST);
          if (index >= waiting[0]!.length) {
            waiting.shift();
            index = 0;
            gate.leave(0);
          }
          if (isTurnOver(index - start)) return nextTurn(run);
        }
        isRunning = false;
        end?.();
      };
      const finish = (how: () => void) => {
        end = how;
        if (!isRunning) end();
      };
      const complete = (): void => {
        if (producer.isOpen || subscriber.closed) subscriber.complete();
        else producer.whenOpen(complete);
      };
      const observer = {
        next: (values: readonly T[]) => {
          gate.enter(0);
          waiting.push(values);
          if (!isRunning) producer.call(run, undefined);
        },
        error: (error: unknown) => finish(() => subscriber.error(error)),
        complete: () => finish(complete),
      };
      subscribeGated(source, gate, observer, subscriber);
    });
}
