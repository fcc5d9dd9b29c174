import type { ObservableInput, ObservedValueOf, OperatorFunction } from 'rxjs';
import { merging } from './merge-map.ts';

/**
 * `concatAll` of rxjs with a bound: one inner source after the other, the others wait in their source.
 *
 * - Emits: the values of the inner sources, in order.
 * - Waits: the outer source waits while an inner source is active.
 * - Holds: one inner source.
 * - Fails: with the first error, at once, as rxjs does; `ERR_GROUPS` when a second group of groupBy comes.
 *
 * @example
 * ```ts
 * from([extract('a.dcm'), extract('b.dcm')]).pipe(concatAll()).subscribe();
 * ```
 */
export function concatAll<O extends ObservableInput<unknown>>(): OperatorFunction<O, ObservedValueOf<O>> {
  return merging('concatAll', (inner: O) => inner, 1);
}
