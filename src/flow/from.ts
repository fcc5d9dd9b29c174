import { isObservable, Observable, type ObservableInput, type ObservedValueOf, from as rxFrom } from 'rxjs';
import { fromPull } from './from-pull.ts';

/**
 * `from` of rxjs, which waits: iterables and async iterables are pulled only while everybody behind has room.
 *
 * - Emits: the values of the iterable, in order; Observables and promises as rxjs does.
 * - Waits: before every item while a gate behind it is shut.
 * - Holds: one pulled value.
 * - Fails: with what the iterable throws.
 *
 * @example
 * ```ts
 * await drain(from(['a.dcm', 'b.dcm']).pipe(concatMap((file) => extract(file))), (record) => console.log(record));
 * ```
 */
export function from<I extends ObservableInput<unknown>>(input: I): Observable<ObservedValueOf<I>> {
  type T = ObservedValueOf<I>;
  if (isPullable<T>(input)) return fromPull<T>(() => input, { label: 'from' });
  return isObservable(input) ? (input as Observable<T>) : (rxFrom(input) as Observable<T>);
}

function isPullable<T>(input: unknown): input is Iterable<T> | AsyncIterable<T> {
  if (typeof input === 'string') return true;
  if (typeof input !== 'object' || input === null) return false;
  if (isObservable(input) || input instanceof Observable) return false;
  return Symbol.iterator in input || Symbol.asyncIterator in input;
}
