/// <reference types="highland" preserve="true" />
import type { Observable } from 'rxjs';
import { fromPull } from '../from-pull.ts';

/**
 * A highland stream as an Observable that pulls only while there is room behind. A highland stream can be consumed
 * once, so the Observable can be subscribed to once.
 *
 * - Emits: every value, in order.
 * - Waits: before every value; highland is not asked for more meanwhile.
 * - Holds: one value.
 * - Fails: with the first error in the stream. Unsubscribing destroys it.
 *
 * @example
 * ```ts
 * await drain(fromHighland(highland([1, 2, 3]).map((x) => x * 2)), (x) => console.log(x));
 * ```
 */
export function fromHighland<T>(stream: Highland.Stream<T>): Observable<T> {
  return fromPull<T>(
    (signal) => {
      signal.addEventListener('abort', () => stream.destroy(), { once: true });
      return { [Symbol.asyncIterator]: () => pulls(stream) };
    },
    { label: 'highland' },
  );
}

function pulls<T>(stream: Highland.Stream<T>): AsyncIterator<T, undefined> {
  return {
    next: () =>
      new Promise((resolve, reject) => {
        stream.pull((error, value) => {
          if (error) reject(error);
          else if (isNil(value)) resolve({ value: undefined, done: true });
          else resolve({ value: value as T, done: false });
        });
      }),
  };
}

/** Highland ends a stream with one global object, the same for all copies of highland in a process. */
function isNil(value: unknown): boolean {
  return value === (globalThis as { readonly nil?: unknown }).nil;
}
