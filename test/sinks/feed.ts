import type { Sink } from '../../src/flow/sink.ts';
import { drivenSink } from '../../src/flow/unit-sink.ts';

/** Gives the batches to the sink as `drain` does: start, write one after the other, close; abort after a failure. */
export async function feed<T>(
  target: Sink<T>,
  batches: Iterable<readonly T[]>,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const sink = drivenSink(target);
  try {
    await sink.start?.({ signal });
    for (const batch of batches) {
      signal.throwIfAborted();
      await sink.write(batch);
    }
    await sink.close?.();
  } catch (error) {
    await sink.abort?.(error);
    throw error;
  }
}
