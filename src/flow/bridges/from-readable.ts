import type { Readable } from 'node:stream';
import type { Observable } from 'rxjs';
import { fromPull } from '../from-pull.ts';

/**
 * A Node Readable as an Observable that reads only while there is room behind. A Readable can be read once, so the
 * Observable can be subscribed to once.
 *
 * - Emits: every chunk or object, in order.
 * - Waits: before every item; the Readable fills up and stops its own source.
 * - Holds: one item, beyond what the Readable holds itself.
 * - Fails: with the error of the Readable, also when it closes before its end. Unsubscribing destroys it.
 *
 * @example
 * ```ts
 * await drain(fromReadable(process.stdin), (chunk) => console.log(chunk.length));
 * ```
 */
export function fromReadable<T = Buffer>(readable: Readable): Observable<T> {
  return fromPull<T>(
    (signal) => {
      signal.addEventListener('abort', () => readable.destroy(), { once: true });
      return readable;
    },
    { label: 'readable' },
  );
}
