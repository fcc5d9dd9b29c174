import { type MonoTypeOperatorFunction, Observable, type Subscriber } from 'rxjs';
import { TidegateError } from '../errors.ts';
import { Producer } from '../flow/producer.ts';
import { subscribeThrough } from '../flow/scope.ts';
import { positiveNumber } from '../options.ts';

/**
 * Fails when the source is silent for too long. Unlike `timeout` of rxjs its clock stands still while the gates
 * behind are shut: a slow consumer is not a dead source.
 *
 * - Emits: every value, at once.
 * - Waits: never; demand passes through.
 * - Holds: nothing, and one timer.
 * - Fails: `ERR_TIMEOUT` when nothing came for `idleMs` to twice `idleMs` in which the gates were open all the time.
 *
 * @example
 * ```ts
 * extract('http://localhost:8080/scan.dcm').pipe(idleTimeout(30_000)).subscribe();
 * ```
 */
export function idleTimeout<T>(idleMs: number): MonoTypeOperatorFunction<T> {
  positiveNumber('idleMs', idleMs);
  return (source) =>
    new Observable<T>((subscriber) => {
      const producer = new Producer<T>('idleTimeout', subscriber);
      let count = 0;
      let countThen = 0;
      let openingsThen = openings(producer);
      let timer: NodeJS.Timeout | undefined;
      const restart = () => {
        countThen = count;
        openingsThen = openings(producer);
        timer = setTimeout(look, idleMs);
      };
      const look = () => {
        if (!producer.isOpen) producer.whenOpen(restart);
        else if (count !== countThen || openings(producer) !== openingsThen) restart();
        else
          subscriber.error(
            new TidegateError('ERR_TIMEOUT', `Cannot wait longer: nothing came for ${idleMs} ms`, { idleMs }),
          );
      };
      const observer = {
        next: (value: T) => {
          count++;
          subscriber.next(value);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      };
      subscriber.add(() => clearTimeout(timer));
      restart();
      subscribeThrough(source, subscriber as unknown as Subscriber<never>, observer, subscriber);
    });
}

function openings(producer: Producer<unknown> | Producer<never>): number {
  let sum = 0;
  for (const barrier of producer.barriers) sum += barrier.openings;
  return sum;
}
