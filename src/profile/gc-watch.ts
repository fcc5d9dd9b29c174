import { constants, PerformanceObserver } from 'node:perf_hooks';

/** As `node:perf_hooks` gives it for `gc`. */
interface Entry {
  readonly startTime: number;
  readonly duration: number;
  readonly detail?: unknown;
}

/** Collections of one kind. */
export interface GcCount {
  readonly count: number;
  readonly elapsedMs: number;
}

/** One collection. */
export interface GcMark {
  /** When it began. */
  readonly atMs: number;
  readonly elapsedMs: number;
  readonly kind: keyof GcCounts;
}

/** Collections by their kind, in this thread. */
export type GcCounts = Readonly<Record<'minor' | 'major' | 'incremental' | 'weak', GcCount>>;

const KINDS: ReadonlyMap<number, keyof GcCounts> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak'],
]);

/** Counts the collections of V8 while it is open. Caller closes. */
export class GcWatch {
  readonly #observer: PerformanceObserver;
  readonly #onMark: ((mark: GcMark) => void) | undefined;
  readonly #counts: Record<keyof GcCounts, { count: number; elapsedMs: number }> = {
    minor: { count: 0, elapsedMs: 0 },
    major: { count: 0, elapsedMs: 0 },
    incremental: { count: 0, elapsedMs: 0 },
    weak: { count: 0, elapsedMs: 0 },
  };

  /** `onMark` is told of each collection, some time after it. */
  constructor(onMark?: (mark: GcMark) => void) {
    this.#onMark = onMark;
    this.#observer = new PerformanceObserver((list) => this.#take(list.getEntries()));
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  counts(): GcCounts {
    this.#take(this.#observer.takeRecords());
    return structuredClone(this.#counts);
  }

  close(): GcCounts {
    const counts = this.counts();
    this.#observer.disconnect();
    return counts;
  }

  #take(entries: readonly Entry[]): void {
    for (const { detail, duration, startTime } of entries) {
      const kind = KINDS.get((detail as { kind: number }).kind);
      if (kind === undefined) continue;
      this.#counts[kind].count++;
      this.#counts[kind].elapsedMs += duration;
      this.#onMark?.({ atMs: startTime, elapsedMs: duration, kind });
    }
  }
}
