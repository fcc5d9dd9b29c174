import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { Producer } from '../flow/producer.ts';
import { subscribeThrough } from '../flow/scope.ts';
import { bytesOf, type SizeOf, safeSize } from '../flow/size-of.ts';
import { positiveInteger, positiveNumber } from '../options.ts';
import { MiB } from '../units.ts';

/** Options for {@link batch}. */
export interface BatchOptions<T> {
  /** Values per batch. @defaultValue 500 */
  readonly count?: number | undefined;
  /** Bytes per batch: the value that reaches it is its last. @defaultValue 4 MiB */
  readonly bytes?: number | undefined;
  /** Milliseconds after which a batch goes out as it is. @defaultValue Infinity */
  readonly ageMs?: number | undefined;
  /** Bytes of a value. @defaultValue length of buffers and strings, else 0 */
  readonly sizeOf?: SizeOf<T> | undefined;
}

/**
 * Gathers values into arrays, by count, by bytes and by age, whichever comes first.
 *
 * - Emits: arrays of at least one value; the last one when the source completes.
 * - Waits: never by itself; the source waits for the gates behind. A batch that is due by age waits for them too.
 * - Holds: `count` values, `bytes` bytes plus one value.
 * - Fails: with the error of the source, behind the batch of what came before it.
 *
 * @example
 * ```ts
 * extract('scan.dcm').pipe(batch({ count: 100, ageMs: 1000 }), mapAsync(insertRows)).subscribe();
 * ```
 */
export function batch<T>(options: BatchOptions<T> = {}): OperatorFunction<T, T[]> {
  const count = positiveInteger('count', options.count ?? 500);
  const bytes = positiveInteger('bytes', options.bytes ?? 4 * MiB);
  const ageMs = positiveNumber('ageMs', options.ageMs ?? Number.POSITIVE_INFINITY);
  const sizeOf = safeSize(options.sizeOf ?? bytesOf);
  return (source) =>
    new Observable<T[]>((subscriber) => {
      const producer = new Producer<T[]>('batch', subscriber);
      let values: T[] = [];
      let heldBytes = 0;
      let timer: NodeJS.Timeout | undefined;
      const flush = () => {
        clearTimeout(timer);
        timer = undefined;
        if (values.length === 0) return;
        const full = values;
        values = [];
        heldBytes = 0;
        subscriber.next(full);
      };
      const flushByAge = (): void => {
        if (producer.isOpen) producer.call(flush, undefined);
        else producer.whenOpen(flushByAge);
      };
      const observer = {
        next: (value: T) => {
          values.push(value);
          heldBytes += sizeOf(value);
          if (values.length >= count || heldBytes >= bytes) flush();
          else if (values.length === 1 && ageMs !== Number.POSITIVE_INFINITY) timer = setTimeout(flushByAge, ageMs);
        },
        error: (error: unknown) => {
          flush();
          subscriber.error(error);
        },
        complete: () => {
          flush();
          subscriber.complete();
        },
      };
      subscriber.add(() => clearTimeout(timer));
      subscribeThrough(source, subscriber as unknown as Subscriber<never>, observer, subscriber);
    });
}
