import type { SinkUnit, UnitState } from '../flow/sink.ts';
import type { Advisor } from '../memory/advisor.ts';
import type { MemoryBudget } from '../memory/memory-budget.ts';
import { positiveInteger } from '../options.ts';
import type { ExtractOptions } from '../sources/extract.ts';
import { autoConcurrency } from './auto-concurrency.ts';
import { type DeadLetters, letterBox } from './failures/letter-box.ts';
import type { FromFilesOptions } from './find/from-files.ts';
import type { ExtractFileOptions } from './lanes/extract-file.ts';
import type { Meter } from './lanes/meter.ts';
import type { RunFilesOptions } from './run-files.ts';

/** Options for `extractAll`: those of `extract` for every file, those of `fromFiles`, and these. */
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

/** What of the options is for the path of the files. */
export function runOptions(options: ExtractAllOptions): RunFilesOptions {
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
export function fileOptions(options: ExtractAllOptions): ExtractFileOptions {
  const { concurrency, jobs, budget, advisor, begin, deadLetters, dot, include, exclude, ...reading } = options;
  return reading;
}
