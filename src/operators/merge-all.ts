import type { ObservableInput, ObservedValueOf, OperatorFunction } from 'rxjs';
import { merging } from './merge-map.ts';

/**
 * `mergeAll` of rxjs with a bound: no more than `concurrent` inner sources at once, the others wait in their source.
 *
 * - Emits: the values of the inner sources as they come.
 * - Waits: the outer source waits while `concurrent` inner sources are active (while one waits, if unlimited).
 * - Holds: `concurrent` inner sources.
 * - Fails: with the first error, at once, as rxjs does; `ERR_GROUPS` when more groups come than `concurrent` allows.
 *
 * @example
 * ```ts
 * from([extract('a.dcm'), extract('b.dcm')]).pipe(mergeAll(2)).subscribe();
 * ```
 */
export function mergeAll<O extends ObservableInput<unknown>>(
  concurrent: number = Number.POSITIVE_INFINITY,
): OperatorFunction<O, ObservedValueOf<O>> {
  return merging('mergeAll', (inner: O) => inner, concurrent);
}
