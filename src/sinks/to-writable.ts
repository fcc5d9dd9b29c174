import type { Writable } from 'node:stream';
import type { WritableStream } from 'node:stream/web';
import type { Sink } from '../flow/sink.ts';
import { isWritable } from './targets/destination.ts';
import { WebStreamTarget } from './targets/web-stream-target.ts';
import { WritableTarget } from './targets/writable-target.ts';

/**
 * Writes every value to a Node Writable (in object mode, or bytes and text to one that is not) or to a
 * WritableStream. It is ended with the run and destroyed by an abort.
 *
 * - Emits: nothing; each value goes to the stream.
 * - Waits: when `write()` says no, until `drain`; on a WritableStream, until `ready`.
 * - Holds: nothing of its own; the stream holds its high-water mark.
 * - Fails: `ERR_SINK` when the stream errs or closes before the end.
 *
 * @example
 * ```ts
 * import { Writable } from 'node:stream';
 * import { drain } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { toWritable } from 'tidegate/sinks';
 *
 * const print = new Writable({
 *   objectMode: true,
 *   write(record, _encoding, done) {
 *     console.log(record.kind);
 *     done();
 *   },
 * });
 * await drain(extract('scan.dcm'), toWritable(print));
 * ```
 */
export function toWritable<T = unknown>(stream: Writable | WritableStream<T>): Sink<T> {
  const target = isWritable(stream)
    ? new WritableTarget(stream)
    : new WebStreamTarget(stream as WritableStream<unknown>, false);
  return {
    start: ({ signal }) => target.start(signal),
    write: async (batch) => {
      for (const value of batch) {
        const wait = target.write(value);
        if (wait) await wait;
      }
    },
    close: () => target.close(),
    abort: (reason) => target.abort(reason),
    get bufferedBytes() {
      return target.bufferedBytes;
    },
  };
}
