import { Observable, type OperatorFunction } from 'rxjs';
import { TidegateError } from '../errors.ts';
import type { Sink, SinkReport } from './sink.ts';
import type { SinkRunOptions } from './sink-options.ts';
import { SinkRun } from './sink-run.ts';
import { warnOfLateError } from './warn.ts';

/** A function that takes one value at a time; a promise that it returns is backpressure. */
export type SinkFunction<T> = (value: T) => void | PromiseLike<void> | unknown;

/** Options for {@link toSink}. */
export interface ToSinkOptions<T> extends Omit<SinkRunOptions<T>, 'valve'> {}

/**
 * Writes everything to a sink and emits one report when all of it is delivered.
 *
 * - Emits: one {@link SinkReport}, after the sink has closed; then completes.
 * - Waits: one write at a time; the source waits while `highWaterMark` values are not yet written.
 * - Holds: `highWaterMark` values, `highWaterBytes` plus one value.
 * - Fails: with the error of the sink at once; with the error of the source after all that it gave is delivered.
 *   Either way, and when unsubscribed, the sink is told to `abort`.
 *
 * @example
 * ```ts
 * extract('scan.dcm').pipe(toSink(toJsonLines('scan.ndjson'))).subscribe((report) => console.log(report.items));
 * ```
 */
export function toSink<T>(
  sink: Sink<T> | SinkFunction<T>,
  options: ToSinkOptions<T> = {},
): OperatorFunction<T, SinkReport> {
  return (source) =>
    new Observable((subscriber) => {
      const run = new SinkRun<T>(sink, options);
      run.ended.then(
        (report) => {
          subscriber.next(report);
          subscriber.complete();
        },
        (error: unknown) => {
          if (subscriber.closed && !(error instanceof TidegateError && error.code === 'ERR_ABORTED')) {
            warnOfLateError('toSink', error);
          }
          subscriber.error(error);
        },
      );
      subscriber.add(() =>
        run.cancel(new TidegateError('ERR_ABORTED', 'Cannot finish the sink: its subscriber has left')),
      );
      run.subscribe(source);
    });
}
