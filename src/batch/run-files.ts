import { concat, defer, finalize, ignoreElements, type Observable } from 'rxjs';
import { TidegateError } from '../errors.ts';
import { fromPull } from '../flow/from-pull.ts';
import type { SinkUnit, UnitState } from '../flow/sink.ts';
import { mergeMap } from '../operators/merge-map.ts';
import { fileUnit } from '../sinks/units/file-unit.ts';
import { KiB } from '../units.ts';
import { failedFile } from './failures/failed-file.ts';
import type { LetterBox } from './failures/letter-box.ts';
import type { Found } from './find/found.ts';
import { FileAdmission, type FileAdmissionOptions, type FilePermit } from './lanes/file-admission.ts';
import type { Lane } from './lanes/lane.ts';
import type { OpenedAhead } from './lanes/opened-ahead.ts';

/** What {@link runFiles} goes by. */
export interface RunFilesOptions extends FileAdmissionOptions {
  /** Whether a file is wanted; asked when it has been admitted, before it is read. @defaultValue all are */
  readonly begin?: ((unit: SinkUnit) => UnitState | Promise<UnitState>) | undefined;
  /** Where failed files are noted; opened once per subscription. */
  readonly letters?: (() => LetterBox) | undefined;
  /** Aborted: files under way end as `partial`, no new ones are begun. */
  readonly stop?: AbortSignal | undefined;
  /** Bytes per read, which a file takes beside its records. */
  readonly chunkBytes?: number | undefined;
}

/** A reader has this much of its file at once, if nobody says otherwise. */
const WINDOW_BYTES = 256 * KiB;

/**
 * The one path of many files: each waits for its turn and its memory, is asked for whether it is wanted, and goes
 * through the lane; what fails is noted before its last part goes out, so that a crash can lose no failure. `open` is
 * called once per subscription, and what it opens is closed at its end.
 */
export function runFiles<T>(files: Observable<Found>, open: () => Lane<T>, options: RunFilesOptions): Observable<T> {
  return defer(() => {
    const lane = open();
    const run = new FilesRun(lane, options);
    const concurrency = options.concurrency + (lane.aheadCount ?? 0);
    const parts = files.pipe(
      mergeMap((found) => fromPull((signal) => run.extract(found, signal), { label: found.path }), concurrency),
    );
    const end = defer(() => run.close()).pipe(ignoreElements());
    return concat(parts, end).pipe(finalize(() => run.abandon()));
  });
}

class FilesRun<T> {
  readonly #lane: Lane<T>;
  readonly #options: RunFilesOptions;
  readonly #admission: FileAdmission;
  readonly #letters: LetterBox | undefined;

  constructor(lane: Lane<T>, options: RunFilesOptions) {
    this.#lane = lane;
    this.#options = options;
    this.#letters = options.letters?.();
    this.#admission = new FileAdmission(options);
  }

  async *extract(found: Found, signal: AbortSignal): AsyncGenerator<T, void, void> {
    if (this.#options.stop?.aborted) return;
    const ahead = this.#admission.isFree ? undefined : this.#lane.openAhead?.(found, signal);
    try {
      yield* this.#inTurn(found, signal, ahead);
    } finally {
      ahead?.drop();
    }
  }

  async *#inTurn(found: Found, signal: AbortSignal, ahead?: OpenedAhead): AsyncGenerator<T, void, void> {
    const { stop } = this.#options;
    const permit = await this.#enter(found, signal);
    if (permit instanceof TidegateError) {
      yield* this.#parts({ ...found, kind: 'issue', error: permit }, signal);
      return;
    }
    let peakBytes = 0;
    try {
      if (stop?.aborted || !(await this.#isWanted(found, signal))) return;
      peakBytes = yield* this.#parts(found, signal, ahead);
    } finally {
      permit.release(peakBytes === 0 ? undefined : peakBytes + 2 * (this.#options.chunkBytes ?? WINDOW_BYTES));
    }
  }

  /** All has gone out. */
  async close(): Promise<void> {
    await this.#lane.close();
    await this.#letters?.close();
  }

  /** After the end of the subscription, however it came. */
  abandon(): void {
    this.#admission.close();
    this.#lane.close().catch(() => {});
    this.#letters?.abandon();
  }

  /** What can never be read within the budget is a failure of that file. */
  async #enter(found: Found, signal: AbortSignal): Promise<FilePermit | TidegateError> {
    try {
      return await this.#admission.enter(found, signal);
    } catch (error) {
      if (error instanceof TidegateError && error.code === 'ERR_BUDGET') return error;
      throw error;
    }
  }

  async #isWanted(found: Found, signal: AbortSignal): Promise<boolean> {
    const { begin } = this.#options;
    if (begin === undefined || found.kind === 'issue') return true;
    const unit = found.kind === 'file' ? await fileUnit(found.path, found.name) : { file: found.path, identity: '' };
    try {
      return (await begin(unit)) === 'write';
    } catch (error) {
      // The run has ended meanwhile, and the sink with it: nobody waits for an answer.
      if (signal.aborted) return false;
      throw error;
    }
  }

  /** Returns the weight of the largest part. */
  async *#parts(found: Found, signal: AbortSignal, ahead?: OpenedAhead): AsyncGenerator<T, number, void> {
    let peakBytes = 0;
    for await (const { value, weightBytes, failure } of this.#lane.extract(found, signal, ahead)) {
      peakBytes = Math.max(peakBytes, weightBytes);
      if (failure) await this.#letters?.write(failedFile(found, failure));
      yield value;
    }
    return peakBytes;
  }
}
