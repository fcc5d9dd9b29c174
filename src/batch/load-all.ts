import type { Observable } from 'rxjs';
import { drain } from '../flow/drain.ts';
import type { Sink, SinkReport, SinkUnit } from '../flow/sink.ts';
import { drivenSink, UnitSink } from '../flow/unit-sink.ts';
import { MemoryLimit } from '../profile/memory-limit.ts';
import type { MemoryMonitor } from '../profile/memory-monitor.ts';
import type { ExtractionRecord } from '../records.ts';
import { MiB } from '../units.ts';
import { batchSink } from './batch-sink.ts';
import { extractAll } from './extract-all.ts';
import type { ExtractAllOptions } from './extract-options.ts';
import type { Found } from './find/found.ts';
import type { FilesSource } from './find/from-files.ts';
import { batchBytes } from './lanes/record-bytes.ts';
import { Tally } from './lanes/tally.ts';

/** Options for {@link loadAll}: those of `extractAll`, but for `begin`, which is the sink's, and these. */
export interface LoadAllOptions extends Omit<ExtractAllOptions, 'begin'> {
  /** Cancels the run: the sink is aborted, the promise rejected with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Sources wait while the process has more. @defaultValue Infinity */
  readonly maxRssBytes?: number | undefined;
  /** Sources wait while its level is `critical`. Caller starts and stops it. @defaultValue none */
  readonly monitor?: MemoryMonitor | undefined;
  /** Asks a sink that knows files (units) before each whether it has it already. @defaultValue true */
  readonly isIncremental?: boolean | undefined;
  /** Called with each batch that the sink has taken. */
  readonly onWritten?: ((batch: readonly ExtractionRecord[]) => void) | undefined;
}

/** What a {@link loadAll} did. */
export interface LoadReport {
  /** Files that have ended, however; without those that were skipped. */
  readonly files: number;
  /** Those of them that failed, or came in part. */
  readonly failedFiles: number;
  /** Files that the sink had already. */
  readonly skippedFiles: number;
  readonly records: number;
  /** Bytes read from the files. */
  readonly bytesRead: number;
  readonly sink: SinkReport;
}

const QUEUED_BATCHES = 16;
const QUEUED_BYTES = 16 * MiB;

/**
 * Extracts many files into a sink. A sink that knows files (units) is asked before each whether it has it already, and
 * commits each as a whole: a run that is started again goes on where the last one ended, whatever ended it.
 *
 * - Emits: nothing; resolves with a report when all is delivered and the sink has closed.
 * - Waits: as {@link extractAll}; all files wait for the sink, and while the budget is used up by files under way, queues
 *   and what the sink holds.
 * - Holds: 16 batches or 16 MiB (an eighth of the budget) in the queue of the sink, and what `extractAll` holds.
 * - Fails: with the error of the sink, of the list of dead letters, or `signal.reason`; never for what is wrong in a file.
 *
 * @example
 * ```ts
 * import { loadAll, MemoryBudget, MiB, toSqlite } from 'tidegate';
 *
 * const budget = new MemoryBudget(64 * MiB);
 * const { files, failedFiles } = await loadAll('scans', toSqlite('archive.sqlite'), { budget });
 * console.log(`${files} files, ${failedFiles} of them not whole`);
 * ```
 */
export async function loadAll(
  files: FilesSource | Observable<Found>,
  sink: Sink<ExtractionRecord>,
  options: LoadAllOptions = {},
): Promise<LoadReport> {
  const { signal, maxRssBytes, monitor, onWritten, isIncremental = true, ...extracting } = options;
  const { budget } = options;
  const tally = new Tally();
  const driven = drivenSink(sink);
  let skippedFiles = 0;
  const ask = (units: UnitSink) => async (unit: SinkUnit) => {
    const state = await units.begin(unit);
    if (state === 'committed') skippedFiles++;
    return state;
  };
  const written = (batch: readonly ExtractionRecord[]) => {
    tally.see(batch);
    tally.takeComplaints();
    onWritten?.(batch);
  };
  const valve = new MemoryLimit({ budget, maxRssBytes, monitor });
  try {
    const begin = isIncremental && driven instanceof UnitSink ? ask(driven) : undefined;
    const batches = extractAll(files, { ...extracting, begin });
    const highWaterBytes = budget ? Math.ceil(budget.limitBytes / 8) : QUEUED_BYTES;
    const marks = { highWaterMark: QUEUED_BATCHES, highWaterBytes, sizeOf: batchBytes };
    const report = await drain(batches, batchSink(driven, written), {
      ...marks,
      signal,
      valve,
    });
    const { complaints: _, ...counts } = tally.summary;
    return { ...counts, skippedFiles, sink: report };
  } finally {
    valve.close();
  }
}
