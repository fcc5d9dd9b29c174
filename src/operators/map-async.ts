import { Observable, type OperatorFunction } from 'rxjs';
import { MappingStage } from '../flow/mapping-stage.ts';
import { subscribeGated } from '../flow/scope.ts';
import type { SizeOf } from '../flow/size-of.ts';
import { functionOf, nonNegativeInteger, positiveInteger } from '../options.ts';

/** Called for each value. `signal` is aborted when the subscriber leaves or another call has failed. */
export type AsyncProject<T, R> = (value: T, index: number, signal: AbortSignal) => R | PromiseLike<R>;

/** Options for {@link mapAsync}. */
export interface MapAsyncOptions<T> {
  /** Calls that may be pending at once; half as many while memory is short, a quarter when critical. @defaultValue 16 */
  readonly concurrency?: number | undefined;
  /** Results in the order of their values; `false`: as they come. @defaultValue true */
  readonly ordered?: boolean | undefined;
  /** Values held ready beyond those whose call is pending. @defaultValue 0 */
  readonly prefetch?: number | undefined;
  /** Bytes held before the source has to wait. @defaultValue Infinity */
  readonly highWaterBytes?: number | undefined;
  /** Bytes of a value. @defaultValue length of buffers and strings, else 0 */
  readonly sizeOf?: SizeOf<T> | undefined;
}

/**
 * Maps each value through a function that may be asynchronous, a bounded number of calls at once. A function that
 * answers at once costs no promise.
 *
 * - Emits: one result per value, in order unless `ordered: false`.
 * - Waits: the source waits while `concurrency + prefetch` values are in hand; calls wait for gates behind.
 * - Holds: `concurrency + prefetch` values or their results.
 * - Fails: with what the function throws: in its place if `ordered`, else at once. An error of the source comes
 *   behind the results of the values before it.
 *
 * @example
 * ```ts
 * from(['a.fits', 'b.fits']).pipe(mapAsync((file) => stat(file), { concurrency: 4 })).subscribe(console.log);
 * ```
 */
export function mapAsync<T, R>(
  project: AsyncProject<T, R>,
  options: MapAsyncOptions<T> = {},
): OperatorFunction<T, Awaited<R>> {
  functionOf('project', project);
  const concurrency = positiveInteger('concurrency', options.concurrency ?? 16);
  const mark = concurrency + nonNegativeInteger('prefetch', options.prefetch ?? 0);
  return (source) =>
    new Observable((subscriber) => {
      const map = new MappingStage<T, R>(subscriber, project, concurrency, mark, options);
      subscribeGated(source, map.gate, map, subscriber);
    });
}
