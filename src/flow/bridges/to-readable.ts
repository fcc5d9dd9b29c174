import { Readable, type ReadableOptions } from 'node:stream';
import type { Observable } from 'rxjs';
import { iterate, type LeavableIterator } from './to-async-iterable.ts';

/**
 * An Observable as a Node Readable, in object mode unless told otherwise. It is subscribed on the first read.
 *
 * - Emits: every value, in order. `null` and `undefined` end a Readable: a source that emits one fails it.
 * - Waits: the source waits while the Readable is full.
 * - Holds: `highWaterMark` values (default 16) in the Readable, and one before it.
 * - Fails: is destroyed with the error of the source; when destroyed, it unsubscribes at once.
 *
 * @example
 * ```ts
 * await pipeline(toReadable(extract('scan.dcm').pipe(map((r) => `${JSON.stringify(r)}\n`))), process.stdout);
 * ```
 */
export function toReadable<T>(source: Observable<T>, options: ReadableOptions = {}): Readable {
  let iterator: LeavableIterator<T> | undefined;
  let isReading = false;
  const readable = new Readable({
    objectMode: true,
    highWaterMark: 16,
    ...options,
    read() {
      if (isReading) return;
      isReading = true;
      iterator ??= iterate(source, { highWaterMark: 1 });
      pull(iterator);
    },
    destroy(error, callback) {
      if (iterator === undefined) callback(error);
      else iterator.return().then(() => callback(error), callback);
    },
  });
  const pull = async (from: LeavableIterator<T>): Promise<void> => {
    try {
      for (;;) {
        const { value, done } = await from.next();
        if (readable.destroyed) return;
        if (done) {
          readable.push(null);
          return;
        }
        if (value === null || value === undefined)
          throw new TypeError(`Cannot put ${value} into a Readable: it would end it`);
        if (!readable.push(value)) break;
      }
      isReading = false;
    } catch (error) {
      readable.destroy(error as Error);
    }
  };
  return readable;
}
