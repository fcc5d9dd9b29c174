import { ownRssBytes } from '../memory/own-rss.ts';
import { positiveNumber } from '../options.ts';
import { type GcMark, GcWatch } from './gc-watch.ts';
import { Thinned } from './thinned.ts';

/** What one stage has done by a moment. */
export interface StageCounts {
  readonly items: number;
  readonly bytes: number;
  /** How long it has waited. */
  readonly waitedMs: number;
}

/** One moment of a {@link Timeline}. */
export interface TimelineSample {
  /** Since the timeline began. */
  readonly atMs: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  /** Memory of Buffers and of what else lies outside of V8's heap. */
  readonly externalBytes: number;
  /** Of each stage, in the order of `stages`. */
  readonly counts: readonly StageCounts[];
}

/** What a {@link Timeline} has seen. */
export interface TimelineReport {
  /** Names of the stages, in the order in which they came up. */
  readonly stages: readonly string[];
  /** At most 1,200, oldest first: the longer it takes, the further apart. */
  readonly samples: readonly TimelineSample[];
  /** At most 4,000 collections; the shortest are left out first. */
  readonly collections: readonly GcMark[];
  readonly elapsedMs: number;
}

/** Options for {@link Timeline}. */
export interface TimelineOptions {
  /** Time between two samples. @defaultValue 50 */
  readonly everyMs?: number | undefined;
}

const MAX_SAMPLES = 1200;
const MAX_COLLECTIONS = 4000;
const NOTHING: StageCounts = { items: 0, bytes: 0, waitedMs: 0 };

/**
 * How memory, the stages of a pipeline and the collector went over time, for `profilePage`. `tapProfile` makes its
 * place a stage with the option `timeline`. Caller stops.
 *
 * @example
 * ```ts
 * const timeline = new Timeline();
 * timeline.start();
 * const records = extract('big.dcm').pipe(tapProfile(() => {}, { name: 'records', timeline }));
 * await drain(records, (record) => console.log(record.kind));
 * console.log(timeline.stop().samples.length);
 * ```
 */
export class Timeline {
  readonly #everyMs: number;
  readonly #startedAtMs: number = performance.now();
  readonly #samples: Thinned<TimelineSample> = new Thinned(MAX_SAMPLES);
  readonly #stages: Map<string, { past: StageCounts; readonly live: Set<() => StageCounts> }> = new Map();
  readonly #gc: GcWatch = new GcWatch((mark) => this.#collected(mark));
  #collections: GcMark[] = [];
  #dueMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TimelineOptions = {}) {
    this.#everyMs = positiveNumber('everyMs', options.everyMs ?? 50);
  }

  /** Samples from now on; the timer keeps no process alive. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#sample(performance.now());
    this.#timer = setInterval(() => this.look(performance.now()), this.#everyMs).unref();
  }

  /** `read` says what something has done for the stage `name`, until the function that comes back is called. */
  follow(name: string, read: () => StageCounts): () => void {
    let stage = this.#stages.get(name);
    if (stage === undefined) {
      stage = { past: NOTHING, live: new Set() };
      this.#stages.set(name, stage);
    }
    const { live } = stage;
    live.add(read);
    return () => {
      if (live.delete(read)) stage.past = sum(stage.past, read());
    };
  }

  /** Takes a sample if it is time: for those who keep the thread so busy that no timer comes through. */
  look(nowMs: number): void {
    if (nowMs >= this.#dueMs) this.#sample(nowMs);
  }

  /** Ends it, and gives what it has seen. */
  stop(): TimelineReport {
    clearInterval(this.#timer);
    this.#sample(performance.now());
    this.#gc.close();
    return {
      stages: [...this.#stages.keys()],
      samples: this.#samples.toArray(),
      collections: this.#collections.toSorted((a, b) => a.atMs - b.atMs),
      elapsedMs: performance.now() - this.#startedAtMs,
    };
  }

  #sample(nowMs: number): void {
    this.#dueMs = nowMs + this.#everyMs / 2;
    const { heapUsed, external } = process.memoryUsage();
    const counts = [...this.#stages.values()].map(({ past, live }) =>
      [...live].reduce((total, read) => sum(total, read()), past),
    );
    const atMs = nowMs - this.#startedAtMs;
    this.#samples.push({
      atMs,
      rssBytes: ownRssBytes(),
      heapUsedBytes: heapUsed,
      externalBytes: external,
      counts,
    });
  }

  #collected(mark: GcMark): void {
    const atMs = mark.atMs - this.#startedAtMs;
    if (atMs < 0) return;
    this.#collections.push({ ...mark, atMs });
    if (this.#collections.length <= MAX_COLLECTIONS) return;
    this.#collections.sort((a, b) => b.elapsedMs - a.elapsedMs).splice(MAX_COLLECTIONS / 2);
  }
}

function sum(a: StageCounts, b: StageCounts): StageCounts {
  return { items: a.items + b.items, bytes: a.bytes + b.bytes, waitedMs: a.waitedMs + b.waitedMs };
}
