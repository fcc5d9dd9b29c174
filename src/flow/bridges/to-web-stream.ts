import { ReadableStream } from 'node:stream/web';
import type { Observable } from 'rxjs';
import { iterate, type LeavableIterator, type ToAsyncIterableOptions } from './to-async-iterable.ts';

/**
 * An Observable as a Web ReadableStream. It is subscribed on the first pull.
 *
 * - Emits: every value, in order.
 * - Waits: the source waits while the stream wants nothing.
 * - Holds: `highWaterMark` values (default 16).
 * - Fails: errors the stream with the error of the source; `cancel` unsubscribes at once.
 *
 * @example
 * ```ts
 * const reader = toWebStream(extract('scan.dcm')).getReader();
 * console.log((await reader.read()).value);
 * ```
 */
export function toWebStream<T>(source: Observable<T>, options: ToAsyncIterableOptions<T> = {}): ReadableStream<T> {
  let iterator: LeavableIterator<T> | undefined;
  return new ReadableStream<T>(
    {
      async pull(controller) {
        iterator ??= iterate(source, options);
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator?.return();
      },
    },
    { highWaterMark: 0 },
  );
}
