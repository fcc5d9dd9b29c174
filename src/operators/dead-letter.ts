import { catchError, defer, EMPTY, type ObservableInput, type ObservedValueOf, type OperatorFunction } from 'rxjs';
import { TidegateError } from '../errors.ts';
import { from } from '../flow/from.ts';
import type { Sink } from '../flow/sink.ts';
import { functionOf } from '../options.ts';
import { concatMap } from './concat-map.ts';
import { mergeMap } from './merge-map.ts';

/** A value that could not be worked on, and why. */
export interface DeadLetter<T> {
  readonly value: T;
  readonly error: unknown;
}

/** Where dead letters go: a function, or a sink. A promise is waited for. */
export type DeadLetterBox<T> = ((letter: DeadLetter<T>) => unknown) | Pick<Sink<DeadLetter<T>>, 'write'>;

/** Options for {@link deadLetter}. */
export interface DeadLetterOptions {
  /** Inner sources at once. @defaultValue 1 */
  readonly concurrency?: number | undefined;
}

/**
 * `mergeMap` that goes on when an inner source fails: its value and the error go to `letters`.
 *
 * - Emits: the values of the inner sources; of one that fails, those before its error.
 * - Waits: the source waits while `concurrency` inner sources are active; for a promise of `letters`, too.
 * - Holds: `concurrency` outer values.
 * - Fails: when `letters` fails, with `ERR_SINK`; with the error of the source itself.
 *
 * @example
 * ```ts
 * from(files)
 *   .pipe(deadLetter((file) => extract(file), ({ value, error }) => console.error(value, error)))
 *   .subscribe((record) => console.log(record.file));
 * ```
 */
export function deadLetter<T, O extends ObservableInput<unknown>>(
  project: (value: T) => O,
  letters: DeadLetterBox<T>,
  options: DeadLetterOptions = {},
): OperatorFunction<T, ObservedValueOf<O>> {
  functionOf('project', project);
  const post = typeof letters === 'function' ? letters : (letter: DeadLetter<T>) => letters.write([letter]);
  const bury = async (letter: DeadLetter<T>): Promise<void> => {
    try {
      await post(letter);
    } catch (cause) {
      throw new TidegateError('ERR_SINK', 'Cannot put a dead letter away', { letter, cause });
    }
  };
  return mergeMap(
    (value: T) =>
      defer(() => from(project(value))).pipe(
        catchError((error: unknown) => from(bury({ value, error })).pipe(concatMap(() => EMPTY))),
      ),
    options.concurrency ?? 1,
  ) as OperatorFunction<T, ObservedValueOf<O>>;
}
