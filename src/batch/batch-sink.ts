import type { Sink } from '../flow/sink.ts';
import type { BudgetGauge } from '../memory/lender.ts';
import type { ExtractionRecord } from '../records.ts';

/** What {@link batchSink} tells. */
export interface BatchSinkOptions {
  /** Counts what the sink holds. */
  readonly gauge?: BudgetGauge | undefined;
  /** Called with each batch that is written. */
  readonly onWritten?: ((batch: readonly ExtractionRecord[]) => void) | undefined;
}

/** A sink of records as a sink of batches. */
export function batchSink(
  sink: Sink<ExtractionRecord>,
  { gauge, onWritten }: BatchSinkOptions,
): Sink<readonly ExtractionRecord[]> {
  return {
    start: (context) => sink.start?.(context),
    write: async (batches) => {
      const records = batches.length === 1 ? batches[0]! : batches.flat();
      await sink.write(records);
      gauge?.set(sink.bufferedBytes ?? 0);
      onWritten?.(records);
    },
    close: () => sink.close?.(),
    abort: (reason) => sink.abort?.(reason),
    get bufferedBytes() {
      return sink.bufferedBytes ?? 0;
    },
  };
}
