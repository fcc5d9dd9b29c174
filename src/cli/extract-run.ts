import { Console } from 'node:console';
import { extractPieces } from '../batch/extract-pieces.ts';
import { Meter } from '../batch/lanes/meter.ts';
import type { Piece } from '../batch/lanes/piece.ts';
import { Tally } from '../batch/lanes/tally.ts';
import { type LoadAllOptions, type LoadReport, loadAll } from '../batch/load-all.ts';
import { drain } from '../flow/drain.ts';
import type { Sink } from '../flow/sink.ts';
import { MemoryBudget } from '../memory/memory-budget.ts';
import type { ExtractionRecord } from '../records.ts';
import { BASE_RSS_BYTES } from './base-rss.ts';
import { EXIT } from './exit-code.ts';
import type { ExtractSettings } from './extract-settings.ts';
import { type Interrupt, takeInterrupts } from './interrupt.ts';
import { openPieceSink, openSink } from './open-sink.ts';
import { Progress } from './progress.ts';
import { SmallHeap } from './small-heap.ts';

/** What is to be done with the sink: `loadAll` over the files of the settings, or `retryDead` over a list. */
type Load = (sink: Sink<ExtractionRecord>, options: LoadAllOptions) => Promise<LoadReport>;

/** One run: the inputs, read side by side, into one output. */
export class ExtractRun {
  readonly #settings: ExtractSettings;
  readonly #load: Load | undefined;
  readonly #tally = new Tally();
  readonly #meter = new Meter();
  readonly #progress: Progress;
  readonly #interrupt: Interrupt;
  readonly #heap: SmallHeap;

  constructor(settings: ExtractSettings, load?: Load) {
    // Standard output is for records alone: what a library prints goes to standard error.
    globalThis.console = new Console(process.stderr, process.stderr);
    this.#settings = settings;
    this.#load = load;
    this.#heap = new SmallHeap(settings.memoryBytes);
    const baseRssBytes = BASE_RSS_BYTES;
    const facts = { tally: this.#tally, meter: this.#meter, memoryBytes: settings.memoryBytes, baseRssBytes };
    this.#progress = new Progress(process.stderr, settings.quiet, facts);
    this.#interrupt = takeInterrupts((signal) => {
      this.#progress.message(`${signal}: finishing the records under way; once more to abort`);
    });
  }

  async finish(): Promise<number> {
    const { jobs, wantedJobs, quiet, to } = this.#settings;
    if (jobs < wantedJobs) this.#progress.message(`${jobs} of ${wantedJobs} jobs fit into --memory`);
    const { abort } = this.#interrupt;
    let skippedFiles = 0;
    try {
      if (this.#isPassingLines) await this.#passLines();
      else ({ skippedFiles } = await this.#loadRecords());
    } catch (error) {
      this.#progress.stop();
      if (to === undefined && isBrokenPipe(error)) return EXIT.ok;
      if (!abort.aborted) throw error;
      this.#progress.message(`aborted: ${this.#done()}`);
      return this.#interrupt.exitCode!;
    }
    this.#progress.stop();
    if (skippedFiles > 0 && !quiet) this.#progress.message(`${skippedFiles} were there already`);
    if (this.#interrupt.exitCode !== undefined) this.#progress.message(`interrupted: ${this.#done()}`);
    else if (process.stderr.isTTY && !quiet) this.#progress.message(this.#done());
    return this.#interrupt.exitCode ?? (this.#tally.summary.failedFiles > 0 ? EXIT.someFailed : EXIT.ok);
  }

  /** Worker threads hand on lines of JSON: where those are wanted, they are written as they are. */
  get #isPassingLines(): boolean {
    const { jobs, kind, resume } = this.#settings;
    return jobs > 0 && kind === 'ndjson' && !resume && this.#load === undefined;
  }

  get #options(): LoadAllOptions {
    const { options, filter, concurrency, jobs, resume, deadLetters: path, memoryBytes } = this.#settings;
    return {
      ...options,
      ...filter,
      concurrency,
      jobs,
      // A byte in flight takes several in the heap, and the heap is not all.
      budget: new MemoryBudget(Math.floor(memoryBytes / 4)),
      isIncremental: resume,
      deadLetters: path === undefined ? undefined : { path, append: resume },
      stop: this.#interrupt.stop,
      signal: this.#interrupt.abort,
      meter: this.#meter,
    };
  }

  async #loadRecords(): Promise<LoadReport> {
    const load: Load = this.#load ?? ((sink, options) => loadAll(this.#settings.files, sink, options));
    const onWritten = (batch: readonly ExtractionRecord[]) => {
      this.#tally.see(batch);
      this.#written();
    };
    return await load(openSink(this.#settings), { ...this.#options, onWritten });
  }

  async #passLines(): Promise<void> {
    const sink = openPieceSink(this.#settings);
    const write = async (pieces: readonly Piece[]) => {
      await sink.write(pieces);
      for (const { summary } of pieces) this.#tally.add(summary);
      this.#written();
    };
    const highWaterBytes = Math.floor(this.#settings.memoryBytes / 8);
    const pieces = extractPieces(this.#settings.files, this.#options);
    await drain(pieces, { ...sink, write }, { signal: this.#interrupt.abort, highWaterBytes });
  }

  /** After each write: what went wrong with its files is said, and the heap kept small. */
  #written(): void {
    this.#heap.check();
    for (const { file, code, offset, message } of this.#tally.takeComplaints()) {
      const place = offset === undefined ? '' : ` at byte ${offset}`;
      if (!this.#settings.quiet) this.#progress.message(`${file}: ${code}${place}: ${message}`);
    }
  }

  #done(): string {
    const { files, failedFiles, records } = this.#tally.summary;
    return `${records} records of ${files} files${failedFiles > 0 ? `, ${failedFiles} of them not read to the end` : ''}`;
  }
}

/** The reader of standard output has gone: it has what it wanted. */
function isBrokenPipe(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EPIPE') return true;
  }
  return false;
}
