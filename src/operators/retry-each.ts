import {
  catchError,
  defer,
  type ObservableInput,
  type ObservedValueOf,
  type OperatorFunction,
  skip,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { from } from '../flow/from.ts';
import { functionOf, nonNegativeInteger, positiveNumber } from '../options.ts';
import { concatMap } from './concat-map.ts';
import { mergeMap } from './merge-map.ts';

/** Options for {@link retryEach}. */
export interface RetryEachOptions {
  /** Attempts after the first. @defaultValue 3 */
  readonly retries?: number | undefined;
  /** Pause before the first retry, doubled for each further one, and varied by up to a half. @defaultValue 100 */
  readonly delayMs?: number | undefined;
  /** The longest pause. @defaultValue 30,000 */
  readonly maxDelayMs?: number | undefined;
  /** Whether an error is worth another attempt. @defaultValue every error is */
  readonly shouldRetry?: ((error: unknown, attempt: number) => boolean) | undefined;
  /** Inner sources at once. @defaultValue 1 */
  readonly concurrency?: number | undefined;
}

/**
 * `mergeMap` whose inner sources are tried again, each by itself. A new attempt goes on behind the values that the
 * earlier ones delivered: `project` must give the same values in the same order each time.
 *
 * - Emits: the values of the inner sources, each once.
 * - Waits: the source waits while `concurrency` inner sources are active, the pauses included.
 * - Holds: `concurrency` outer values.
 * - Fails: with the last error of a value whose attempts are used up.
 *
 * @example
 * ```ts
 * from(urls).pipe(retryEach((url) => extract(url), { retries: 5, concurrency: 4 })).subscribe();
 * ```
 */
export function retryEach<T, O extends ObservableInput<unknown>>(
  project: (value: T) => O,
  options: RetryEachOptions = {},
): OperatorFunction<T, ObservedValueOf<O>> {
  functionOf('project', project);
  const retries = nonNegativeInteger('retries', options.retries ?? 3);
  const delayMs = positiveNumber('delayMs', options.delayMs ?? 100);
  const maxDelayMs = positiveNumber('maxDelayMs', options.maxDelayMs ?? 30_000);
  const { shouldRetry = () => true, concurrency = 1 } = options;
  type R = ObservedValueOf<O>;
  return mergeMap((value: T) => {
    let delivered = 0;
    const attempt = (number: number): ReturnType<typeof defer<O>> =>
      defer(() => from(project(value))).pipe(
        skip(delivered),
        tap(() => delivered++),
        catchError((error: unknown) => {
          if (number > retries || !shouldRetry(error, number)) return throwError(() => error);
          const pauseMs = Math.min(maxDelayMs, delayMs * 2 ** (number - 1)) * (1 - Math.random() / 2);
          return timer(pauseMs).pipe(concatMap(() => attempt(number + 1)));
        }),
      ) as ReturnType<typeof defer<O>>;
    return attempt(1) as unknown as ObservableInput<R>;
  }, concurrency) as OperatorFunction<T, R>;
}
