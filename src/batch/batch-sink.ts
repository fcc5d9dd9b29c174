import type { Sink } from '../flow/sink.ts';
import type { ExtractionRecord } from '../records.ts';

/** A sink of records as a sink of batches; `written` is told of what it has taken. */
export function batchSink(
  sink: Sink<ExtractionRecord>,
  written: (records: readonly ExtractionRecord[]) => void,
): Sink<readonly ExtractionRecord[]> {
  return {
    start: (context) => sink.start?.(context),
    write: async (batches) => {
      const records = batches.length === 1 ? batches[0]! : batches.flat();
      await sink.write(records);
      written(records);
    },
    close: () => sink.close?.(),
    abort: (reason) => sink.abort?.(reason),
    get bufferedBytes() {
      return sink.bufferedBytes ?? 0;
    },
  };
}
