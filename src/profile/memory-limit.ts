import type { Valve } from '../flow/emission.ts';
import { MemoryValve } from '../flow/memory-valve.ts';
import { queuedBytes } from '../flow/stall.ts';
import { hintMajor } from '../memory/gc-hints.ts';
import type { BudgetGauge } from '../memory/lender.ts';
import type { MemoryBudget } from '../memory/memory-budget.ts';
import type { MemoryReport } from '../memory/memory-report.ts';
import { ownRssBytes } from '../memory/own-rss.ts';
import { PeakRss } from '../memory/peak-rss.ts';
import { trimPools } from '../memory/strategy.ts';
import { positiveInteger } from '../options.ts';
import { MiB } from '../units.ts';
import type { MemoryMonitor } from './memory-monitor.ts';
import { Slowdowns } from './slowdowns.ts';

/** Options for {@link MemoryLimit}: at least one of `budget`, `maxRssBytes` and `monitor` makes it a limit. */
export interface MemoryLimitOptions {
  /** Sources wait while it is used up. @defaultValue none */
  readonly budget?: MemoryBudget | undefined;
  /**
   * Counts what waits in the queues of all stages and sinks of the process in the budget. Switch it off if the values hold leases of
   * the same budget, as the chunks of `fromFile(file, { budget })` do: they would count twice. @defaultValue true
   */
  readonly isCountingQueues?: boolean | undefined;
  /** Sources wait while the process has more. @defaultValue Infinity */
  readonly maxRssBytes?: number | undefined;
  /** Sources wait while its level is `critical`. Caller starts and stops it. @defaultValue none */
  readonly monitor?: MemoryMonitor | undefined;
  /** How often it looks again while sources wait, and the time between two pulses. @defaultValue 20 */
  readonly pulseMs?: number | undefined;
  /** Lets the kernel's mark of the highest RSS start anew, so that the peak is exact. @defaultValue false */
  readonly isResettingPeak?: boolean | undefined;
}

/** The age of a measurement that is good enough: the valve is asked before every item. */
const FRESH_MS = 5;
/** And so many items: what the queues take between two looks is above the budget by no more than that. */
const FRESH_ITEMS = 16;
/** Looks without any change after which what is in flight is taken for stuck, and one item passes. */
const PATIENCE = 10;

/**
 * A limit on memory for one run: a valve over a budget, RSS and a monitor. While one of them is over, sources wait;
 * idle memory of the pool goes back, garbage is collected; and if nothing moves, single items pass, so that a process
 * which is over its limit from the start comes to its end too. Caller closes.
 */
export class MemoryLimit implements Valve {
  readonly #options: MemoryLimitOptions;
  readonly #maxRssBytes: number;
  readonly #valve: MemoryValve;
  readonly #slowdowns: Slowdowns = new Slowdowns();
  readonly #peak: PeakRss;
  readonly #queues: BudgetGauge | undefined;
  #peakQueuedBytes = 0;
  #lookedAtMs: number = Number.NEGATIVE_INFINITY;
  #asks = 0;
  #isOver = false;
  #usedBefore = 0;
  #sameCount = 0;

  constructor(options: MemoryLimitOptions) {
    this.#options = options;
    this.#maxRssBytes = positiveInteger('maxRssBytes', options.maxRssBytes ?? Number.POSITIVE_INFINITY);
    this.#peak = new PeakRss(options.isResettingPeak);
    if (options.isCountingQueues !== false) this.#queues = options.budget?.gauge('queues');
    this.#valve = new MemoryValve({
      isOver: () => this.isShut,
      inFlight: () => this.#movingBytes(),
      pulseMs: options.pulseMs,
    });
  }

  /** Whether sources have to wait. */
  get isShut(): boolean {
    const nowMs = performance.now();
    const isNews = this.#isBudgetUsedUp && !this.#isOver;
    if (isNews || ++this.#asks >= FRESH_ITEMS || nowMs - this.#lookedAtMs >= FRESH_MS) this.#look(nowMs);
    return this.#isOver;
  }

  get #isBudgetUsedUp(): boolean {
    const { budget } = this.#options;
    return budget !== undefined && budget.usedBytes >= budget.limitBytes;
  }

  whenOpen(callback: () => void): () => void {
    this.#look(performance.now());
    return this.#valve.whenOpen(callback);
  }

  readonly report = (): MemoryReport => {
    const { budget } = this.#options;
    return {
      peakBytesInFlight: budget?.snapshot().peakBytes ?? this.#peakQueuedBytes,
      peakRssBytes: this.#peak.read(),
      ...this.#slowdowns.report(performance.now()),
    };
  };

  /** Ends the watch over the run, and gives the report. */
  close(): MemoryReport {
    const report = this.report();
    this.#queues?.close();
    this.#peak.close();
    return report;
  }

  #look(nowMs: number): void {
    this.#lookedAtMs = nowMs;
    this.#asks = 0;
    const queued = queuedBytes();
    this.#queues?.set(queued);
    this.#peakQueuedBytes = Math.max(this.#peakQueuedBytes, queued);
    const rssBytes = ownRssBytes();
    this.#peak.note(rssBytes);
    this.#isOver = this.#judge(rssBytes, nowMs);
  }

  #judge(rssBytes: number, nowMs: number): boolean {
    const { budget, monitor } = this.#options;
    if (this.#isBudgetUsedUp) {
      const detail = () => `${mib(budget!.usedBytes)} of ${mib(budget!.limitBytes)} in flight`;
      this.#slowdowns.begin('budget', detail, nowMs);
    } else if (rssBytes > this.#maxRssBytes) {
      this.#slowdowns.begin('rss', () => `RSS ${mib(rssBytes)} of ${mib(this.#maxRssBytes)}`, nowMs);
      this.#makeRoom();
    } else if (monitor?.level === 'critical') {
      this.#slowdowns.begin('pressure', () => `level critical, limit ${mib(monitor.limitBytes)}`, nowMs);
      this.#makeRoom();
    } else {
      this.#slowdowns.end(nowMs);
      return false;
    }
    return true;
  }

  #makeRoom(): void {
    if (trimPools()) this.#slowdowns.did('trimmed');
    if (hintMajor()) this.#slowdowns.did('hinted');
  }

  /** What will come back by itself; 0 lets one item pass: also when nothing has changed for a while. */
  #movingBytes(): number {
    const usedBytes = (this.#options.budget?.usedBytes ?? 0) + queuedBytes();
    this.#sameCount = usedBytes === this.#usedBefore ? this.#sameCount + 1 : 0;
    this.#usedBefore = usedBytes;
    const movingBytes = this.#sameCount < PATIENCE ? usedBytes : 0;
    if (movingBytes === 0) {
      this.#sameCount = 0;
      this.#slowdowns.did('pulsed');
    }
    return movingBytes;
  }
}

function mib(bytes: number): string {
  return `${(bytes / MiB).toFixed(1)} MiB`;
}
