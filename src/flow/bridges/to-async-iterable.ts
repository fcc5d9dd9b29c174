import { type Observable, Subscription } from 'rxjs';
import { Gate, type Marks } from '../gate.ts';
import { Queue } from '../queue.ts';
import { RunQueues } from '../run-queues.ts';
import { subscribeGated } from '../scope.ts';
import { bytesOf, type SizeOf, safeSize } from '../size-of.ts';

/** Options for {@link toAsyncIterable}. */
export interface ToAsyncIterableOptions<T> extends Marks {
  /** Values held before the source has to wait. @defaultValue 16 */
  readonly highWaterMark?: number | undefined;
  /** Bytes of a value. @defaultValue length of buffers and strings, else 0 */
  readonly sizeOf?: SizeOf<T> | undefined;
}

const DEFAULT_MARK = 16;

/**
 * An Observable as an async iterable: subscribed when iteration begins, unsubscribed when it ends, also by `break`.
 *
 * - Emits: every value, in order. `next()` may be called again before the last one has answered.
 * - Waits: the source waits while `highWaterMark` values are not yet taken.
 * - Holds: `highWaterMark` values, `highWaterBytes` plus one value.
 * - Fails: with the error of the source, behind the values that came before it. `return()` takes effect at once,
 *   also while a `next()` is pending.
 *
 * @example
 * ```ts
 * for await (const record of toAsyncIterable(extract('scan.dcm'))) console.log(record.kind);
 * ```
 */
export function toAsyncIterable<T>(source: Observable<T>, options: ToAsyncIterableOptions<T> = {}): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => iterate(source, options) };
}

/** An iterator that, other than a generator, can be left while a value is pending. */
export type LeavableIterator<T> = Required<Pick<AsyncIterator<T, undefined>, 'next' | 'return'>> &
  AsyncIterator<T, undefined>;

interface Taker<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** Subscribes to `source` and gives its values on demand. */
export function iterate<T>(source: Observable<T>, options: ToAsyncIterableOptions<T> = {}): LeavableIterator<T> {
  const gate = new Gate('async iterator', options, DEFAULT_MARK);
  new RunQueues().add(gate);
  const sizeOf = safeSize(options.sizeOf ?? bytesOf);
  const queue = new Queue<T>();
  const takers: Taker<T>[] = [];
  const upstream = new Subscription();
  let end: { readonly error?: unknown } | undefined;

  const leave = () => {
    end ??= {};
    upstream.unsubscribe();
    gate.dispose();
  };
  const finish = (how: { readonly error?: unknown }) => {
    end = how;
    gate.dispose();
    if ('error' in how && takers.length > 0) {
      takers.shift()!.reject(how.error);
      end = {};
    }
    for (const taker of takers.splice(0)) taker.resolve(OVER);
  };
  const observer = {
    next: (value: T) => {
      const taker = takers.shift();
      if (taker !== undefined) {
        gate.pass();
        taker.resolve({ value, done: false });
        return;
      }
      const bytes = sizeOf(value);
      queue.push(value, bytes);
      gate.enter(bytes);
    },
    error: (error: unknown) => finish({ error }),
    complete: () => finish({}),
  };
  subscribeGated(source, gate, observer, upstream);

  return {
    next(): Promise<IteratorResult<T, undefined>> {
      if (queue.length > 0) {
        const bytes = queue.firstBytes;
        const value = queue.shift();
        if (end === undefined) gate.leave(bytes);
        return Promise.resolve({ value, done: false });
      }
      if (end === undefined) return new Promise((resolve, reject) => takers.push({ resolve, reject }));
      if (!('error' in end)) return Promise.resolve(OVER);
      const { error } = end;
      end = {};
      return Promise.reject(error);
    },
    return(): Promise<IteratorResult<T, undefined>> {
      queue.clear();
      leave();
      end = {};
      for (const taker of takers.splice(0)) taker.resolve(OVER);
      return Promise.resolve(OVER);
    },
  };
}

const OVER: IteratorReturnResult<undefined> = { value: undefined, done: true };
