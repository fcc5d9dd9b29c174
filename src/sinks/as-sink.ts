import type { Writable } from 'node:stream';
import type { WritableStream } from 'node:stream/web';
import { inspect } from 'node:util';
import { TidegateError } from '../errors.ts';
import type { Sink } from '../flow/sink.ts';
import { isWebStream, isWritable } from './targets/destination.ts';
import { toWritable } from './to-writable.ts';

/** What can take values: a function called with each of them, a stream, or a sink of your own. */
export type SinkLike<T> = ((value: T) => unknown) | Sink<T> | Writable | WritableStream<T>;

/**
 * Any object with `write` as a {@link Sink}: a function (called with one value after the other; a promise from it is
 * waited for), a Node Writable, a WritableStream, a highland stream, or an object that keeps the Sink contract already.
 *
 * - Emits: nothing.
 * - Waits: for the promise of the function, the `drain` of the stream, or as the sink says.
 * - Holds: nothing of its own.
 * - Fails: with what the function throws; `ERR_SINK` from a stream; `ERR_OPTION` at the call if it is none of these.
 *
 * @example
 * ```ts
 * import { drain } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { asSink } from 'tidegate/sinks';
 *
 * await drain(extract('scan.dcm'), asSink(async (record) => console.log(record)));
 * ```
 */
export function asSink<T = unknown>(target: SinkLike<T>): Sink<T> {
  if (typeof target === 'function') return functionSink(target);
  if (isWritable(target) || isWebStream(target)) return toWritable(target as Writable | WritableStream<T>);
  if (typeof (target as Sink<T> | null)?.write === 'function') return target;
  const message = `Cannot use ${inspect(target, { depth: 0 })} as a sink: it is no function and has no write()`;
  throw new TidegateError('ERR_OPTION', message, { option: 'sink' });
}

function functionSink<T>(take: (value: T) => unknown): Sink<T> {
  return {
    write: async (batch) => {
      for (const value of batch) {
        const result = take(value);
        if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') await result;
      }
    },
  };
}
