import type { ObservableInput, ObservedValueOf, OperatorFunction } from 'rxjs';
import { merging } from './merge-map.ts';

/**
 * `concatMap` of rxjs with a bound: one inner source after the other, and outer values wait in their source, not in
 * a queue.
 *
 * - Emits: the values of the inner sources, in the order of the outer values.
 * - Waits: the outer source waits while an inner source is active.
 * - Holds: one outer value.
 * - Fails: with the first error, at once, as rxjs does; `ERR_GROUPS` when a second group of groupBy comes.
 *
 * @example
 * ```ts
 * from(files).pipe(concatMap((file) => extract(file))).subscribe((record) => console.log(record.seq));
 * ```
 */
export function concatMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
): OperatorFunction<T, ObservedValueOf<O>> {
  return merging('concatMap', project, 1);
}
