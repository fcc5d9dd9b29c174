import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { QueueStage } from '../flow/queue-stage.ts';
import { subscribeGated } from '../flow/scope.ts';
import type { SizeOf } from '../flow/size-of.ts';
import { positiveNumber } from '../options.ts';

/** Options for {@link rateLimit}: at least one of the rates. */
export interface RateLimitOptions<T> {
  /** @defaultValue Infinity */
  readonly itemsPerSecond?: number | undefined;
  /** @defaultValue Infinity */
  readonly bytesPerSecond?: number | undefined;
  /** What may pass at once after a pause, in seconds of the rate. @defaultValue 1 */
  readonly burstSeconds?: number | undefined;
  /** Bytes of a value. @defaultValue length of buffers and strings, else 0 */
  readonly sizeOf?: SizeOf<T> | undefined;
}

/**
 * Lets values pass at a bounded rate (token bucket); the source waits, nothing is dropped.
 *
 * - Emits: every value, in order, not faster than the rates.
 * - Waits: the source waits while a value waits for its time.
 * - Holds: one value.
 * - Fails: with the error of the source, behind the values that came before it.
 *
 * @example
 * ```ts
 * fromFile('big.bin').pipe(rateLimit({ bytesPerSecond: 10 * MiB, sizeOf: (chunk) => chunk.bytes.length })).subscribe();
 * ```
 */
export function rateLimit<T>(options: RateLimitOptions<T>): MonoTypeOperatorFunction<T> {
  const itemRate = positiveNumber('itemsPerSecond', options.itemsPerSecond ?? Number.POSITIVE_INFINITY);
  const byteRate = positiveNumber('bytesPerSecond', options.bytesPerSecond ?? Number.POSITIVE_INFINITY);
  const burstMs = positiveNumber('burstSeconds', options.burstSeconds ?? 1) * 1000;
  return (source) =>
    new Observable<T>((subscriber) => {
      // Each rate as a clock: the time up to which it is used up. A value may go while no clock is ahead of now.
      let itemClock = performance.now() - burstMs;
      let byteClock = itemClock;
      let timer: NodeJS.Timeout | undefined;
      const pace = (_: T, bytes: number) => {
        const now = performance.now();
        itemClock = Math.max(itemClock, now - burstMs);
        byteClock = Math.max(byteClock, now - burstMs);
        const waitMs = Math.max(itemClock, byteClock) - now;
        if (waitMs > 0) {
          return (go: () => void) => {
            timer = setTimeout(go, waitMs);
          };
        }
        itemClock += 1000 / itemRate;
        byteClock += (bytes * 1000) / byteRate;
        return undefined;
      };
      const { sizeOf } = options;
      const stage = new QueueStage<T>(subscriber, {
        label: 'rateLimit',
        highWaterMark: 1,
        defaultMark: 1,
        sizeOf,
        pace,
      });
      subscriber.add(() => clearTimeout(timer));
      subscribeGated(source, stage.gate, stage, subscriber);
    });
}
