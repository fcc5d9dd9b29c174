import { collectNow } from '../memory/gc-hints.ts';
import { type LostLeaseCount, lostLeases } from '../memory/lost-leases.ts';
import { positiveInteger, positiveNumber } from '../options.ts';
import { GcWatch } from './gc-watch.ts';
import { LeakDetector, type LeakVerdict } from './leak-detector.ts';

/** Options for {@link LeakWatch}. */
export interface LeakWatchOptions {
  /**
   * Has everything collected after so many items, to see what they left behind: 5 to 200 ms each time. Else only the
   * collections that V8 makes by itself are looked at, which are few in a short run. @defaultValue none are forced
   */
  readonly everyItems?: number | undefined;
  /** The most of the process's time that this may take. @defaultValue 0.05 */
  readonly maxTimeRatio?: number | undefined;
}

/** What a {@link LeakWatch} found. */
export interface LeakReport extends LeakVerdict {
  /** Leases that were dropped without a release, since the process began, by who took them: these are certain. */
  readonly lostLeases: readonly LostLeaseCount[];
}

/**
 * Looks for memory that items leave behind, in V8's heap and in Buffers: by what is in use behind collections, over 48
 * of them at least. Caller stops.
 *
 * @example
 * ```ts
 * const watch = new LeakWatch({ everyItems: 1000 });
 * watch.start();
 * await drain(extract('big.dcm'), () => watch.count());
 * const { isSuspected, bytesPerItem, lostLeases } = watch.stop();
 * console.log(isSuspected, bytesPerItem, lostLeases);
 * ```
 */
export class LeakWatch {
  readonly #detector: LeakDetector = new LeakDetector();
  readonly #everyItems: number;
  readonly #maxTimeRatio: number;
  #gc: GcWatch | undefined;
  #isOn = false;
  #items = 0;
  #dueAt: number;

  constructor(options: LeakWatchOptions = {}) {
    this.#everyItems = positiveInteger('everyItems', options.everyItems ?? Number.POSITIVE_INFINITY);
    this.#maxTimeRatio = positiveNumber('maxTimeRatio', options.maxTimeRatio ?? 0.05);
    this.#dueAt = this.#everyItems;
  }

  /** Looks at collections from now on. */
  start(): void {
    this.#isOn = true;
    // Forced ones are looked at where they are made; and who watches keeps what is not told yet in the heap.
    if (this.#everyItems < Number.POSITIVE_INFINITY) return;
    this.#gc ??= new GcWatch(({ kind }) => {
      if (kind === 'major') this.#look();
    });
  }

  /** So many items are through. */
  count(items = 1): void {
    this.#items += items;
    if (this.#items < this.#dueAt || !this.#isOn) return;
    this.#dueAt = this.#items + this.#everyItems;
    if (collectNow(this.#maxTimeRatio)) this.#look();
  }

  /** What it thinks by now. */
  report(): LeakReport {
    return { ...this.#detector.verdict(), lostLeases: lostLeases() };
  }

  /** Ends it, and gives the report. */
  stop(): LeakReport {
    this.#gc?.close();
    this.#gc = undefined;
    this.#isOn = false;
    return this.report();
  }

  #look(): void {
    const { heapUsed, external } = process.memoryUsage();
    this.#detector.add(heapUsed + external, this.#items);
  }
}
