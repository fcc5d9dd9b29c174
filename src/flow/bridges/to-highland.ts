/// <reference types="highland" preserve="true" />
import type { Observable } from 'rxjs';
import { requirePeer } from '../peer.ts';
import { iterate } from './to-async-iterable.ts';

/** The list of functions that highland calls when a stream ends or is destroyed; it has no public name for it. */
interface Destructible {
  readonly _destructors: (() => void)[];
}

/**
 * An Observable as a highland stream. Needs the optional package `highland`.
 *
 * - Emits: every value, in order, when highland asks for it.
 * - Waits: the source waits while highland does not ask.
 * - Holds: one value.
 * - Fails: pushes the error of the source into the stream; `destroy()` unsubscribes. `ERR_MISSING_PEER` without
 *   highland.
 *
 * @example
 * ```ts
 * toHighland(extract('scan.dcm'))
 *   .filter((record) => record.kind === 'field')
 *   .each((record) => console.log(record));
 * ```
 */
export function toHighland<T>(source: Observable<T>): Highland.Stream<T> {
  const highland = requirePeer<HighlandStatic>('highland', '^2.13.5');
  const iterator = iterate(source, { highWaterMark: 1 });
  const end = highland.nil as unknown as T;
  let isOver = false;
  const stream = highland<T>((push, next) => {
    iterator.next().then(
      ({ value, done }) => {
        if (isOver) return;
        push(null, done ? end : value);
        if (!done) next();
      },
      (error: Error) => {
        if (isOver) return;
        push(error);
        push(null, end);
      },
    );
  });
  (stream as unknown as Destructible)._destructors.push(() => {
    isOver = true;
    void iterator.return();
  });
  return stream;
}
