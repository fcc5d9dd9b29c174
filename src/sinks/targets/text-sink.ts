import type { Sink } from '../../flow/sink.ts';
import type { ByteTarget } from './byte-target.ts';

/** A sink over a target: `encode` gives the text of a batch in pieces, `head` comes before the first. */
export function textSink<T>(
  target: ByteTarget,
  encode: (batch: readonly T[]) => Iterable<string | Uint8Array>,
  head = '',
): Sink<T> {
  return {
    start: async ({ signal }) => {
      await target.start(signal);
      if (head !== '') await target.write(head);
    },
    write: async (batch) => {
      for (const piece of encode(batch)) {
        const wait = target.write(piece);
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
