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
import { drivenSink, UnitSink } from '../flow/unit-sink.ts';
import { mergeMap } from '../operators/merge-map.ts';
import type { ExtractionRecord } from '../records.ts';
import type { ExtractArguments } from './arguments.ts';
import { EXIT } from './exit-code.ts';
import { type ExtractSettings, extractSettings } from './extract-settings.ts';
import { type Interrupt, takeInterrupts } from './interrupt.ts';
import { inputUnit } from './input-unit.ts';
import { openSink, pieceSink } from './open-sink.ts';
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
  readonly #sink: Sink<ExtractionRecord>;
  #knownCount = 0;

  constructor(settings: ExtractSettings) {
    this.#settings = settings;
    this.#sink = drivenSink(openSink(settings));
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
    if (this.#knownCount > 0 && !this.#settings.quiet) this.#progress.message(`${this.#knownCount} were there already`);
    if (this.#interrupt.exitCode !== undefined) this.#progress.message(`interrupted: ${this.#done()}`);
    else if (process.stderr.isTTY && !this.#settings.quiet) this.#progress.message(this.#done());
    return this.#interrupt.exitCode ?? (this.#tally.summary.failedFiles > 0 ? EXIT.someFailed : EXIT.ok);
  }

  async *#inputs(): AsyncGenerator<Found, void, void> {
    const { stop, abort } = this.#interrupt;
    for await (const found of walk(this.#settings.patterns, { dot: this.#settings.dot, signal: abort })) {
      if (stop.aborted) return;
      if (await this.#isKnown(found)) this.#knownCount++;
      else yield found;
    }
  }

  /** Whether an earlier run has brought this input, as it is now. */
  async #isKnown(found: Found): Promise<boolean> {
    if (!this.#settings.resume || !(this.#sink instanceof UnitSink)) return false;
    return (await this.#sink.begin(await inputUnit(found))) === 'committed';
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
    return afterWrite(this.#sink, (batch) => {
      this.#tally.see(batch);
      this.#written();
    });
  }

  #pieces(): Observable<Piece> {
    const { jobs, options } = this.#settings;
    const { stop } = this.#interrupt;
    const open = (signal: AbortSignal) =>
      extractInWorkers(this.#inputs(), { jobs, options, stop, signal, meter: this.#meter });
    return fromPull(open, { label: 'workers' });
  }

  #pieceSink(): Sink<Piece> {
    return afterWrite(pieceSink(this.#sink, this.#settings), (pieces) => {
      for (const { summary } of pieces) this.#tally.add(summary);
      this.#written();
    });
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

/** The sink, and what is to be done with each batch that it has taken. */
function afterWrite<T>(sink: Sink<T>, seen: (batch: readonly T[]) => void): Sink<T> {
  return {
    start: (context) => sink.start?.(context),
    write: async (batch) => {
      await sink.write(batch);
      seen(batch);
    },
    close: () => sink.close?.(),
    abort: (reason) => sink.abort?.(reason),
    get bufferedBytes() {
      return sink.bufferedBytes ?? 0;
    },
  };
}

/** The reader of standard output has gone: it has what it wanted. */
function isBrokenPipe(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EPIPE') return true;
  }
  return false;
}
