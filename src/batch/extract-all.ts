import { availableParallelism } from 'node:os';
import { isObservable, map, type Observable } from 'rxjs';
import type { SinkUnit, UnitState } from '../flow/sink.ts';
import type { Advisor } from '../memory/advisor.ts';
import type { MemoryBudget } from '../memory/memory-budget.ts';
import { nonNegativeInteger, positiveInteger } from '../options.ts';
import type { ExtractionRecord } from '../records.ts';
import type { ExtractOptions } from '../sources/extract.ts';
import type { ExtractFileOptions } from './extract-file.ts';
import type { Found } from './found.ts';
import { type FilesSource, type FromFilesOptions, fromFiles } from './from-files.ts';
import { type DeadLetters, letterBox } from './letter-box.ts';
import type { Meter } from './meter.ts';
import { PieceLane } from './piece-lane.ts';
import { pieceRecords } from './piece-records.ts';
import { RecordLane } from './record-lane.ts';
import { type RunFilesOptions, runFiles } from './run-files.ts';

/** Options for {@link extractAll}: those of `extract` for every file, those of `fromFiles`, and these. */
export interface ExtractAllOptions extends Omit<ExtractOptions, 'name'>, FromFilesOptions {
  /** Files at once: a number, or as many as pay on this machine. Fewer while memory is short. @defaultValue 'auto' */
  readonly concurrency?: number | 'auto' | undefined;
  /** Worker threads that extract whole files; 0 reads in this thread. Options must be plain data. @defaultValue 0 */
  readonly jobs?: number | undefined;
  /**
   * What the files under way take counts in it as predicted, up to half of it: files that would take more wait, one that
   * never fits is a failure of its own. @defaultValue none: `concurrency` alone counts
   */
  readonly budget?: MemoryBudget | undefined;
  /** Predicts, and learns. @defaultValue a new one, if there is a budget */
  readonly advisor?: Advisor | undefined;
  /** Asked before a file is read whether it is wanted: that of a `UnitSink` for what a sink has. @defaultValue all are */
  readonly begin?: ((unit: SinkUnit) => UnitState | Promise<UnitState>) | undefined;
  /**
   * Files that fail: a path of a list (NDJSON, written anew) for `retryDead`, or a function; a promise is waited for.
   * @defaultValue their records alone tell
   */
  readonly deadLetters?: DeadLetters | undefined;
  /** Aborted: files under way end as `partial`, no new ones are begun, and all comes to a good end. */
  readonly stop?: AbortSignal | undefined;
  /** Counts the bytes that are read. */
  readonly meter?: Meter | undefined;
}

/**
 * The records of many files, of any formats, several at a time: the slowest consumer sets the pace of all of them.
 *
 * - Emits: batches, each of one file; those of a file in its own order, from its `file` record to its `end`.
 * - Waits: before every batch while a gate behind it is shut; a file waits until `concurrency`, the memory pressure
 *   and the `budget` let it in.
 * - Holds: for each file under way one batch and the window of its reader; the names in the folders on the way down.
 * - Fails: `ERR_OPTION` at the call; when `begin` or the list of dead letters fails. What is wrong with a file is in its
 *   records and its dead letter, and the others go on.
 *
 * @example
 * ```ts
 * import { drain, extractAll, unbatch } from 'tidegate';
 *
 * const records = extractAll('scans', { include: ['*.dcm'], deadLetters: 'failed.ndjson' }).pipe(unbatch());
 * await drain(records, (record) => console.log(record.file, record.kind));
 * ```
 */
export function extractAll(
  files: FilesSource | Observable<Found>,
  options: ExtractAllOptions = {},
): Observable<readonly ExtractionRecord[]> {
  const jobs = nonNegativeInteger('jobs', options.jobs ?? 0);
  const found = isObservable(files) ? files : fromFiles(files, options);
  const run = runOptions(options);
  if (jobs === 0) return runFiles(found, () => new RecordLane(readerOptions(options)), run);
  const { stop, meter, ...reading } = readerOptions(options);
  const open = () => new PieceLane({ jobs, options: reading, stop, meter });
  return runFiles(found, open, { ...run, concurrency: jobs }).pipe(map(pieceRecords));
}

/** What of the options is for the path of the files. */
function runOptions(options: ExtractAllOptions): RunFilesOptions {
  const { concurrency = 'auto', budget, advisor, begin, deadLetters, stop, chunkBytes, format } = options;
  return {
    concurrency: concurrency === 'auto' ? autoConcurrency() : positiveInteger('concurrency', concurrency),
    letters: deadLetters === undefined ? undefined : () => letterBox(deadLetters),
    budget,
    advisor,
    begin,
    stop,
    chunkBytes,
    format,
  };
}

/** What of the options is for the readers. */
function readerOptions(options: ExtractAllOptions): ExtractFileOptions {
  const { concurrency, jobs, budget, advisor, begin, deadLetters, dot, include, exclude, ...reading } = options;
  return reading;
}

/** The reads of one file go on while another is parsed; beyond that more files only take more memory. */
function autoConcurrency(): number {
  return Math.min(16, Math.max(4, 2 * availableParallelism()));
}
