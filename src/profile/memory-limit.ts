import type { Valve } from '../flow/emission.ts';
import { MemoryValve } from '../flow/memory-valve.ts';
import { RunQueues } from '../flow/run-queues.ts';
import { hintMajor } from '../memory/gc-hints.ts';
import type { BudgetGauge } from '../memory/lender.ts';
import type { MemoryBudget } from '../memory/memory-budget.ts';
import type { MemoryReport } from '../memory/memory-report.ts';
import { ownRssBytes } from '../memory/own-rss.ts';
import type { PeakMark } from '../memory/peak-marks.ts';
import { PeakRss } from '../memory/peak-rss.ts';
import { saysPressure } from '../memory/pressure.ts';
import { trimPools } from '../memory/strategy.ts';
import { positiveInteger } from '../options.ts';
import { MiB } from '../units.ts';
import type { MemoryMonitor } from './memory-monitor.ts';
import { Patience } from './patience.ts';
import { Slowdowns } from './slowdowns.ts';

/** Options for {@link MemoryLimit}: at least one of `budget`, `maxRssBytes` and `monitor` makes it a limit. */
export interface MemoryLimitOptions {
  /** Sources wait while it is used up. @defaultValue none */
  readonly budget?: MemoryBudget | undefined;
  /**
   * Counts what waits in the queues of the run, of all its stages and its sink, in the budget. Switch it off if the values
   * hold leases of the same budget, as the chunks of `fromFile(file, { budget })` do: they would count twice.
   * @defaultValue true
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
 * idle memory of the pool goes back, garbage is collected; and if nothing moves, single items pass. If RSS does not fall
 * for all that, they go on, as under critical pressure: a process that is over its limit from the start comes to its
 * end too. Caller closes.
 */
export class MemoryLimit implements Valve {
  /** The queues that it counts. */
  readonly queues: RunQueues;
  readonly #options: MemoryLimitOptions;
  readonly #maxRssBytes: number;
  readonly #valve: MemoryValve;
  readonly #slowdowns: Slowdowns = new Slowdowns();
  readonly #peak: PeakRss;
  readonly #patience: Patience = new Patience();
  readonly #queued: BudgetGauge | undefined;
  readonly #inFlight: PeakMark | undefined;
  #peakQueuedBytes = 0;
  #lookedAtMs: number = Number.NEGATIVE_INFINITY;
  #asks = 0;
  #isOver = false;
  #isGivenUp = false;
  #usedBefore = 0;
  #sameCount = 0;

  /** `queues` are those of the run that it stands in, where there is one already. */
  constructor(options: MemoryLimitOptions, queues: RunQueues = new RunQueues()) {
    this.queues = queues;
    this.#options = options;
    this.#maxRssBytes = positiveInteger('maxRssBytes', options.maxRssBytes ?? Number.POSITIVE_INFINITY);
    this.#peak = new PeakRss(options.isResettingPeak);
    if (options.isCountingQueues !== false) this.#queued = options.budget?.gauge('queues');
    this.#inFlight = options.budget?.markPeak();
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
    return {
      peakBytesInFlight: this.#inFlight?.peakBytes ?? this.#peakQueuedBytes,
      peakRssBytes: this.#peak.read(),
      ...this.#slowdowns.report(performance.now()),
    };
  };

  /** Ends the watch over the run, and gives the report. */
  close(): MemoryReport {
    const report = this.report();
    this.#queued?.close();
    this.#inFlight?.close();
    saysPressure(this, undefined);
    this.#peak.close();
    return report;
  }

  #look(nowMs: number): void {
    this.#lookedAtMs = nowMs;
    this.#asks = 0;
    const queuedBytes = this.queues.bytes;
    this.#queued?.set(queuedBytes);
    this.#peakQueuedBytes = Math.max(this.#peakQueuedBytes, queuedBytes);
    const rssBytes = ownRssBytes();
    this.#peak.note(rssBytes);
    this.#isOver = this.#judge(rssBytes, nowMs);
  }

  #judge(rssBytes: number, nowMs: number): boolean {
    const { budget } = this.#options;
    if (this.#isBudgetUsedUp) {
      const detail = () => `${mib(budget!.usedBytes)} of ${mib(budget!.limitBytes)} in flight`;
      this.#slowdowns.begin('budget', detail, nowMs);
      return true;
    }
    const reason = this.#shortage(rssBytes);
    if (reason === undefined) this.#recover();
    if (reason === undefined || this.#patience.isOutAt(rssBytes)) {
      this.#slowdowns.end(nowMs);
      return false;
    }
    this.#slowdowns.begin(reason, () => this.#detail(reason, rssBytes), nowMs);
    if (trimPools()) this.#slowdowns.did('trimmed');
    if (hintMajor()) this.#slowdowns.did('hinted');
    return true;
  }

  #shortage(rssBytes: number): 'rss' | 'pressure' | undefined {
    if (rssBytes > this.#maxRssBytes) return 'rss';
    return this.#options.monitor?.level === 'critical' ? 'pressure' : undefined;
  }

  #detail(reason: 'rss' | 'pressure', rssBytes: number): string {
    if (reason === 'rss') return `RSS ${mib(rssBytes)} of ${mib(this.#maxRssBytes)}`;
    return `level critical, limit ${mib(this.#options.monitor!.limitBytes)}`;
  }

  /** Memory stays as short as it is, whatever is done: from now on all goes on, a quarter of it at a time. */
  #giveUp(rssBytes: number): void {
    this.#slowdowns.resume(`still ${mib(rssBytes)} behind all waiting and collecting`, performance.now());
    this.#lookedAtMs = Number.NEGATIVE_INFINITY;
    this.#isGivenUp = true;
    saysPressure(this, 'critical');
  }

  #recover(): void {
    this.#patience.renew();
    if (this.#isGivenUp) saysPressure(this, undefined);
    this.#isGivenUp = false;
  }

  /** What will come back by itself; 0 lets one item pass: also when nothing has changed for a while. */
  #movingBytes(): number {
    const rssBytes = ownRssBytes();
    if (!this.#isBudgetUsedUp && this.#patience.look(rssBytes)) this.#giveUp(rssBytes);
    const usedBytes = (this.#options.budget?.usedBytes ?? 0) + this.queues.bytes;
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
