import { Console } from 'node:console';
import type { Observable } from 'rxjs';
import { extractFile } from '../batch/extract-file.ts';
import { extractInWorkers } from '../batch/extract-in-workers.ts';
import type { Found } from '../batch/found.ts';
import { Meter } from '../batch/meter.ts';
import type { Piece } from '../batch/piece.ts';
import { Tally } from '../batch/tally.ts';
import { walk } from '../batch/walk.ts';
import { drain } from '../flow/drain.ts';
import { fromPull } from '../flow/from-pull.ts';
import type { Sink } from '../flow/sink.ts';
import { mergeMap } from '../operators/merge-map.ts';
import type { ExtractionRecord } from '../records.ts';
import type { ExtractArguments } from './arguments.ts';
import { EXIT } from './exit-code.ts';
import { type ExtractSettings, extractSettings } from './extract-settings.ts';
import { type Interrupt, takeInterrupts } from './interrupt.ts';
import { openPieceSink, openSink } from './open-sink.ts';
import { Progress } from './progress.ts';
import { recordBytes } from './record-bytes.ts';
import { SmallHeap } from './small-heap.ts';

/** `tidegate extract`: returns the exit code; throws what ended the run. */
export async function runExtract(args: ExtractArguments): Promise<number> {
  const settings = await extractSettings(args);
  // Standard output is for records alone: what a library prints goes to standard error.
  globalThis.console = new Console(process.stderr, process.stderr);
  return await new ExtractRun(settings).finish();
}

/** One run: the inputs, read side by side, into one output. */
class ExtractRun {
  readonly #settings: ExtractSettings;
  readonly #tally = new Tally();
  readonly #meter = new Meter();
  readonly #progress: Progress;
  readonly #interrupt: Interrupt;
  readonly #heap: SmallHeap;

  constructor(settings: ExtractSettings) {
    this.#settings = settings;
    this.#heap = new SmallHeap(settings.memoryBytes);
    const baseRssBytes = process.memoryUsage.rss();
    const facts = { tally: this.#tally, meter: this.#meter, memoryBytes: settings.memoryBytes, baseRssBytes };
    this.#progress = new Progress(process.stderr, settings.quiet, facts);
    this.#interrupt = takeInterrupts((signal) => {
      this.#progress.message(`${signal}: finishing the records under way; once more to abort`);
    });
  }

  async finish(): Promise<number> {
    const { jobs, wantedJobs } = this.#settings;
    if (jobs < wantedJobs) this.#progress.message(`${jobs} of ${wantedJobs} jobs fit into --memory`);
    const { abort } = this.#interrupt;
    const highWaterBytes = Math.floor(this.#settings.memoryBytes / 8);
    try {
      if (jobs > 0) await drain(this.#pieces(), this.#pieceSink(), { signal: abort, highWaterBytes });
      else await drain(this.#records(), this.#recordSink(), { signal: abort, highWaterBytes, sizeOf: recordBytes });
    } catch (error) {
      this.#progress.stop();
      if (this.#settings.to === undefined && isBrokenPipe(error)) return EXIT.ok;
      if (!abort.aborted) throw error;
      this.#progress.message(`aborted: ${this.#done()}`);
      return this.#interrupt.exitCode!;
    }
    this.#progress.stop();
    if (this.#interrupt.exitCode !== undefined) this.#progress.message(`interrupted: ${this.#done()}`);
    else if (process.stderr.isTTY && !this.#settings.quiet) this.#progress.message(this.#done());
    return this.#interrupt.exitCode ?? (this.#tally.summary.failedFiles > 0 ? EXIT.someFailed : EXIT.ok);
  }

  async *#inputs(): AsyncGenerator<Found, void, void> {
    const { stop, abort } = this.#interrupt;
    for await (const found of walk(this.#settings.patterns, { dot: this.#settings.dot, signal: abort })) {
      if (stop.aborted) return;
      yield found;
    }
  }

  #records(): Observable<ExtractionRecord> {
    const { concurrency, options } = this.#settings;
    const { stop } = this.#interrupt;
    const extract = (found: Found) =>
      fromPull((signal) => extractFile(found, { ...options, signal, stop, meter: this.#meter }), {
        label: found.path,
        flatten: true,
      });
    return fromPull(() => this.#inputs(), { label: 'inputs' }).pipe(mergeMap(extract, concurrency));
  }

  #recordSink(): Sink<ExtractionRecord> {
    const sink = openSink(this.#settings);
    const write = async (batch: readonly ExtractionRecord[]) => {
      await sink.write(batch);
      this.#tally.see(batch);
      this.#written();
    };
    return { ...sink, write };
  }

  #pieces(): Observable<Piece> {
    const { jobs, options } = this.#settings;
    const { stop } = this.#interrupt;
    const open = (signal: AbortSignal) =>
      extractInWorkers(this.#inputs(), { jobs, options, stop, signal, meter: this.#meter });
    return fromPull(open, { label: 'workers' });
  }

  #pieceSink(): Sink<Piece> {
    const sink = openPieceSink(this.#settings);
    const write = async (pieces: readonly Piece[]) => {
      await sink.write(pieces);
      for (const { summary } of pieces) this.#tally.add(summary);
      this.#written();
    };
    return { ...sink, write };
  }

  /** After each write: what went wrong with its files is said, and the heap kept small. */
  #written(): void {
    this.#heap.check();
    this.#complain();
  }

  #complain(): void {
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
