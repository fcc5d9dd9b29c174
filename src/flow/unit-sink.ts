import { TidegateError } from '../errors.ts';
import type { ExtractionRecord } from '../records.ts';
import { Deferred } from './deferred.ts';
import type { Sink, SinkContext, SinkUnit, UnitState } from './sink.ts';

const COMMIT_MS = 1000;
/** So many units for each second of waiting are not left to wait any longer. */
const COMMIT_UNITS_A_SECOND = 256;

/** A unit under way. */
interface OpenUnit {
  readonly unit: SinkUnit;
  /** Somebody called `begin` for it, and will again in another run, if it is not committed now. */
  readonly isAsked: boolean;
  /** Not if the sink has it, nor when it was cut short by the end of the run. */
  isWanted: boolean;
}

/**
 * Drives a sink that has `commit`: tells it which files begin, and commits those whose `end` is written, some at a
 * time. `drain` puts one around such a sink by itself; who wants to know **before** reading a file whether the sink
 * has it already makes one, asks {@link begin}, and gives it to `drain`.
 *
 * A file that was cut short by the end of the run (an `issue` with `ERR_ABORTED`) does not end in the sink, if `begin`
 * was asked for it: the next run begins it again.
 *
 * @example
 * ```ts
 * import { drain, fromPull, UnitSink } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { fileUnit, toJsonLines } from 'tidegate/sinks';
 * import { mergeMap } from 'tidegate/operators';
 *
 * const sink = new UnitSink(toJsonLines('archive.ndjson', { resume: true }));
 * async function* wanted(): AsyncGenerator<string> {
 *   for (const path of ['a.dcm', 'b.dcm']) if ((await sink.begin(await fileUnit(path))) === 'write') yield path;
 * }
 * await drain(fromPull(wanted).pipe(mergeMap((path) => extract(path), 4)), sink);
 * ```
 */
export class UnitSink implements Sink<ExtractionRecord> {
  readonly #sink: Sink<ExtractionRecord>;
  readonly #open = new Map<string, OpenUnit>();
  /** Of these, those that are not wanted. */
  #unwantedCount = 0;
  #ended: SinkUnit[] = [];
  #context: SinkContext | undefined;
  readonly #started = new Deferred();
  /** The call that is under way: the next one waits for it. */
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(sink: Sink<ExtractionRecord>) {
    this.#sink = sink;
  }

  get bufferedBytes(): number {
    return this.#sink.bufferedBytes ?? 0;
  }

  async start(context: SinkContext): Promise<void> {
    this.#context = context;
    context.signal.addEventListener('abort', () => this.#started.reject(context.signal.reason), { once: true });
    try {
      await this.#sink.start?.(context);
    } catch (error) {
      this.#started.reject(error);
      throw error;
    }
    this.#started.resolve();
  }

  /**
   * Whether the records of a unit are wanted: not if an earlier run has committed it, nor if this one has begun it.
   * Waits for the sink to start, and for what it is doing.
   */
  async begin(unit: SinkUnit): Promise<UnitState> {
    await this.#started.promise;
    return await this.#alone(() => {
      if (!this.#isOver) return this.#begin(unit, true);
      throw new TidegateError('ERR_SINK', `Cannot begin ${unit.file}: the sink is closed`, { file: unit.file });
    });
  }

  write(batch: readonly ExtractionRecord[]): Promise<void> {
    return this.#alone(async () => {
      for (const record of batch) if (isFirst(record)) await this.#begin(implicitUnit(record), false);
      const wanted = batch.filter((record) => this.#isWanted(record));
      if (wanted.length > 0) await this.#sink.write(wanted);
      for (const record of wanted) if (kindOf(record) === 'end') this.#end(record.file);
      if (this.#ended.length > 0) await this.#committing();
    });
  }

  close(): Promise<void> {
    return this.#alone(async () => {
      this.#over();
      await this.#commit();
      await this.#sink.close?.();
    });
  }

  async abort(reason: unknown): Promise<void> {
    this.#over();
    this.#started.reject(reason);
    await this.#sink.abort?.(reason);
  }

  /** Runs one call into the sink at a time, in the order of asking. */
  #alone<T>(call: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(call);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #begin(unit: SinkUnit, isAsked: boolean): Promise<UnitState> {
    // Two inputs of one name: who comes later is told that it is taken care of; without asking, both are written.
    if (this.#open.has(unit.file) || (isAsked && this.#ended.some(({ file }) => file === unit.file))) {
      return 'committed';
    }
    const state = (await this.#sink.begin?.(unit)) ?? 'write';
    const isWanted = state === 'write';
    if (isWanted || !isAsked) this.#open.set(unit.file, { unit, isAsked, isWanted });
    if (!isWanted && !isAsked) this.#unwantedCount++;
    return state;
  }

  /** Whether the sink gets it: it may have the file already, or must not get any more of it. */
  #isWanted(record: ExtractionRecord): boolean {
    const kind = kindOf(record);
    // Mostly everything is, and needs no looking up.
    if (kind === undefined || (this.#unwantedCount === 0 && kind !== 'issue')) return true;
    const open = this.#open.get(record.file);
    if (open === undefined) return true;
    if (kind === 'issue' && open.isAsked && open.isWanted && (record as { code?: unknown }).code === 'ERR_ABORTED') {
      open.isWanted = false;
      this.#unwantedCount++;
    }
    if (kind === 'end' && !open.isWanted) {
      this.#open.delete(record.file);
      this.#unwantedCount--;
      return false;
    }
    return open.isWanted;
  }

  #end(file: string): void {
    this.#ended.push(this.#open.get(file)?.unit ?? { file, identity: '' });
    this.#open.delete(file);
  }

  /** Commits now, or later with others. */
  async #committing(): Promise<void> {
    const waitMs = this.#sink.commitMs ?? COMMIT_MS;
    if (this.#ended.length >= (waitMs / 1000) * COMMIT_UNITS_A_SECOND) return await this.#commit();
    // A source that is silent for long must not keep what has ended from being committed.
    this.#timer ??= setTimeout(() => {
      if (!this.#isOver) this.#alone(() => this.#commit()).catch((error: unknown) => this.#context?.fail?.(error));
    }, waitMs);
  }

  async #commit(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const units = this.#ended;
    this.#ended = [];
    if (units.length > 0) await this.#sink.commit?.(units);
  }

  #over(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

/** The sink with its units driven, if it has any: a sink that has `commit` takes records. */
export function drivenSink<T>(sink: Sink<T>): Sink<T> {
  if (typeof sink?.commit !== 'function' || sink instanceof UnitSink) return sink;
  return new UnitSink(sink as unknown as Sink<ExtractionRecord>) as unknown as Sink<T>;
}

function isFirst(record: ExtractionRecord): record is ExtractionRecord & { kind: 'file' } {
  return kindOf(record) === 'file' && record.seq === 0;
}

/** Of a value that is no record, nothing: the sink will say what is wrong with it. */
function kindOf(record: ExtractionRecord): string | undefined {
  try {
    return typeof record.file === 'string' ? record.kind : undefined;
  } catch {
    return undefined;
  }
}

/** What the first record of a file tells of it. */
function implicitUnit({ file, size, mtime = '' }: ExtractionRecord & { kind: 'file' }): SinkUnit {
  return { file, identity: `${size} ${mtime}` };
}
