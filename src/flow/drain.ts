import type { Observable } from 'rxjs';
import type { MemoryBudget } from '../memory/memory-budget.ts';
import { countedSink } from './counted-sink.ts';
import type { Valve } from './emission.ts';
import type { Sink, SinkReport } from './sink.ts';
import type { SinkRunOptions } from './sink-options.ts';
import { SinkRun } from './sink-run.ts';
import type { SinkFunction } from './to-sink.ts';
import { drivenSink } from './unit-sink.ts';

/** Options for {@link drain}. */
export interface DrainOptions<T> extends SinkRunOptions<T> {
  /** Cancels the run: the source is left, the sink aborted, the promise rejected with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Counts what the sink holds, with all else that is in flight. @defaultValue none */
  readonly budget?: MemoryBudget | undefined;
  /** A limit on memory that holds back the sources of this run. @defaultValue none */
  readonly valve?: Valve | undefined;
}

/**
 * Runs a source into a sink, or into a function that is called with one value at a time, and waits for the end.
 *
 * - Emits: nothing; resolves with a report when all is delivered and the sink has closed.
 * - Waits: one write at a time; the source waits while `highWaterMark` values are not yet written.
 * - Holds: `highWaterMark` values, `highWaterBytes` plus one value.
 * - Fails: with the error of the sink at once; with the error of the source after all that it gave is delivered;
 *   with `signal.reason` when cancelled. The sink is told to `abort` each time.
 *
 * @example
 * ```ts
 * const report = await drain(extract('scan.dcm'), async (record) => await table.insert(record));
 * console.log(report.items);
 * ```
 */
export function drain<T>(
  source: Observable<T>,
  sink: Sink<T> | SinkFunction<T>,
  options: DrainOptions<T> = {},
): Promise<SinkReport> {
  const { signal, budget, label = 'sink' } = options;
  const isCounted = budget !== undefined && typeof sink === 'object';
  const run = new SinkRun<T>(isCounted ? countedSink(drivenSink(sink), budget, label) : sink, options);
  if (signal?.aborted) {
    run.cancel(signal.reason);
    return run.ended;
  }
  const abort = () => run.cancel(signal!.reason);
  signal?.addEventListener('abort', abort, { once: true });
  run.subscribe(source);
  return run.ended.finally(() => signal?.removeEventListener('abort', abort));
}
