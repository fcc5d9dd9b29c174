import { Observable } from 'rxjs';
import { AsyncDrive } from './drive-async.ts';
import { SyncDrive } from './drive-sync.ts';
import { Producer } from './producer.ts';
import { warnOfLateError } from './warn.ts';

/** Opens what is to be read, once per subscription. `signal` is aborted when the subscriber leaves. */
export type Open<T> = (signal: AbortSignal) => Iterable<T> | AsyncIterable<T>;

type Pulled<T> = Iterable<T> | AsyncIterable<T>;

/** Options for {@link fromPull}. */
export interface FromPullOptions<T = unknown> {
  /** Name of the source in stall reports. @defaultValue `'source'` */
  readonly label?: string | undefined;
  /** The iterable gives arrays, the Observable emits their elements. @defaultValue false */
  readonly flatten?: boolean | undefined;
  /** Called with each value that was pulled and can no longer be emitted, since the subscriber has left. */
  readonly discard?: ((value: T) => void) | undefined;
}

/**
 * The one primitive under every source: an Observable over an iterable, which pulls only while everybody behind it
 * has room. It never emits inside `subscribe()`, yields to the event loop every 10 ms, and pulls one value ahead at
 * the most.
 *
 * - Emits: what the iterable gives, in order; with `flatten`, the elements of the arrays that it gives.
 * - Waits: before every single item, also inside an array, while a gate behind it is shut; before `complete` too.
 * - Holds: one pulled value (one array with `flatten`).
 * - Fails: with what `open` or the iterable throws. Unsubscribing aborts `signal` at once, then runs its `finally`.
 *
 * @example
 * ```ts
 * const lines = fromPull(async function* (signal) {
 *   for await (const line of readLines('big.txt', { signal })) yield line;
 * });
 * ```
 */
export function fromPull<T>(
  open: Open<readonly T[]>,
  options: FromPullOptions<T> & { readonly flatten: true },
): Observable<T>;
export function fromPull<T>(open: Open<T>, options?: FromPullOptions<T>): Observable<T>;
export function fromPull<T>(open: Open<T> | Open<readonly T[]>, options: FromPullOptions<T> = {}): Observable<T> {
  const { label = 'source', flatten = false, discard = () => {} } = options;
  return new Observable<T>((subscriber) => {
    const producer = new Producer<T>(label, subscriber);
    const controller = new AbortController();
    let drive: SyncDrive<T> | AsyncDrive<T> | undefined;
    subscriber.add(() => {
      controller.abort();
      drive?.stop();
    });
    queueMicrotask(() => {
      if (subscriber.closed) return;
      try {
        const pulled: Pulled<T | readonly T[]> = open(controller.signal);
        const job = {
          producer,
          subscriber,
          flatten,
          discard,
          fail: (error: unknown) => {
            // What a reader throws because its subscriber has left is no news.
            if (subscriber.closed && error !== controller.signal.reason) warnOfLateError(label, error);
          },
        };
        if (isAsync(pulled)) drive = new AsyncDrive<T>(pulled[Symbol.asyncIterator](), job);
        else drive = new SyncDrive<T>(pulled[Symbol.iterator](), job);
      } catch (error) {
        subscriber.error(error);
        return;
      }
      drive.run();
    });
  });
}

/** A string is iterable too, and `in` refuses it. */
function isAsync<T>(pulled: Pulled<T>): pulled is AsyncIterable<T> {
  return typeof (pulled as Partial<AsyncIterable<T>>)[Symbol.asyncIterator] === 'function';
}
