import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Observable, Subject } from 'rxjs';
import { childPids } from '../memory/children.ts';
import type { BudgetGauge } from '../memory/lender.ts';
import type { MemoryBudget } from '../memory/memory-budget.ts';
import { ownRssBytes } from '../memory/own-rss.ts';
import { PeakRss } from '../memory/peak-rss.ts';
import { type PressureLevel, PressureScale, saysPressure } from '../memory/pressure.ts';
import { positiveInteger, positiveNumber } from '../options.ts';
import { ChildRss } from './child-rss.ts';
import { GpuMemory } from './gpu-memory.ts';
import { gpuRatio, isStalling, type MemorySample, outerRatio, systemLimitBytes } from './memory-sample.ts';
import { Ring } from './ring.ts';

/** Options for {@link MemoryMonitor}. */
export interface MemoryMonitorOptions {
  /** What RSS should stay below. @defaultValue the limit of the control group, else the memory of the machine */
  readonly limitBytes?: number | undefined;
  /** Time between two samples. @defaultValue 250 */
  readonly everyMs?: number | undefined;
  /** Samples that are kept: the last ones. @defaultValue 1,200, five minutes */
  readonly sampleCount?: number | undefined;
  /** Its bytes are in the samples, and the RSS of `childPids`, if given, counts in it. @defaultValue none */
  readonly budget?: MemoryBudget | undefined;
  /** Processes whose RSS counts with ours, asked for before each look. @defaultValue each ffmpeg that tidegate runs */
  readonly childPids?: (() => readonly number[]) | undefined;
  /** Asks `nvidia-smi` for the memory of graphics cards, once a second; without it nothing changes. @defaultValue false */
  readonly isWatchingGpu?: boolean | undefined;
  /** Lets the kernel's mark of the highest RSS start anew, so that the peak is exact. @defaultValue false */
  readonly isResettingPeak?: boolean | undefined;
}

/** What a {@link MemoryMonitor} has seen. */
export interface MemorySummary {
  readonly current: MemorySample;
  /** The highest RSS, from the kernel where it counts it. */
  readonly peak: { readonly rssBytes: number; readonly isExact: boolean; readonly heapUsedBytes: number };
  /** Over all samples since the start. */
  readonly average: { readonly rssBytes: number; readonly heapUsedBytes: number };
  /** The last samples, oldest first. */
  readonly snapshots: readonly MemorySample[];
}

const LATE_MS = 250;

/**
 * Watches the memory of this process, and says how short it is: to whoever asks, to those who subscribe to
 * `memory$`, and to the operators, which then slow down. A sample costs about 0.1 ms. Caller stops.
 *
 * @example
 * ```ts
 * const monitor = new MemoryMonitor({ limitBytes: 512 * MiB });
 * monitor.start();
 * try {
 *   await drain(extract('big.dcm'), (record) => console.log(record.kind));
 * } finally {
 *   console.log(monitor.stop().peak.rssBytes);
 * }
 * ```
 */
export class MemoryMonitor {
  /** Every sample from now on, while the monitor runs; completes when it stops. */
  readonly memory$: Observable<MemorySample>;
  readonly limitBytes: number;
  readonly #options: MemoryMonitorOptions;
  readonly #everyMs: number;
  readonly #samples: Ring<MemorySample>;
  readonly #subject: Subject<MemorySample> = new Subject();
  readonly #scale: PressureScale = new PressureScale();
  readonly #children: ChildRss = new ChildRss();
  readonly #gpu: GpuMemory = new GpuMemory();
  readonly #delay: ReturnType<typeof monitorEventLoopDelay> = monitorEventLoopDelay({ resolution: 20 });
  readonly #startedAtMs: number = performance.now();
  readonly #peak: PeakRss;
  /** RSS of the children, in the books of the budget. */
  readonly #gauge: BudgetGauge | undefined;
  #peakHeapBytes = 0;
  #sum = { count: 0, rssBytes: 0, heapUsedBytes: 0 };
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: MemoryMonitorOptions = {}) {
    this.#options = options;
    this.limitBytes = positiveInteger('limitBytes', options.limitBytes ?? systemLimitBytes());
    this.#everyMs = positiveNumber('everyMs', options.everyMs ?? 250);
    this.#samples = new Ring(positiveInteger('sampleCount', options.sampleCount ?? 1200));
    this.#peak = new PeakRss(options.isResettingPeak);
    // An ffmpeg of ours counts where it was started.
    if (options.childPids !== undefined) this.#gauge = options.budget?.gauge('children');
    this.memory$ = new Observable((subscriber) => this.#subject.subscribe(subscriber));
  }

  get level(): PressureLevel {
    return this.#scale.level;
  }

  /** Samples from now on; the timer keeps no process alive. */
  start(): void {
    if (this.#timer !== undefined || this.#isStopped) return;
    this.#delay.enable();
    this.sample();
    this.#timer = setInterval(() => this.sample(), this.#everyMs).unref();
  }

  /** Ends sampling for good, and gives the summary. */
  stop(): MemorySummary {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const summary = this.summary();
    this.#delay.disable();
    this.#isStopped = true;
    this.#peak.close();
    this.#gauge?.close();
    saysPressure(this, undefined);
    this.#subject.complete();
    return summary;
  }

  /** Looks now. */
  sample(): MemorySample {
    const nowMs = performance.now();
    const { budget } = this.#options;
    const pids = (this.#options.childPids ?? childPids)();
    this.#children.look(pids, nowMs);
    if (this.#options.isWatchingGpu) this.#gpu.look(pids, nowMs);
    const gpu = this.#gpu.sample;
    const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
    const rssBytes = ownRssBytes();
    const childRssBytes = this.#children.rssBytes;
    this.#gauge?.set(childRssBytes);
    const usedRatio = Math.max((rssBytes + childRssBytes) / this.limitBytes, outerRatio(), gpuRatio(gpu));
    const eventLoopDelayMs = Math.max(0, this.#delay.max / 1e6 - 20) || 0;
    this.#delay.reset();
    const sample: MemorySample = {
      atMs: nowMs - this.#startedAtMs,
      level: this.#scale.update(usedRatio, eventLoopDelayMs > LATE_MS || isStalling(), nowMs),
      rssBytes,
      childRssBytes,
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      externalBytes: external,
      arrayBuffersBytes: arrayBuffers,
      availableBytes: process.availableMemory(),
      limitBytes: this.limitBytes,
      budgetUsedBytes: budget?.usedBytes ?? 0,
      eventLoopDelayMs,
      usedRatio,
      gpu,
    };
    this.#keep(sample);
    return sample;
  }

  #keep(sample: MemorySample): void {
    this.#peak.note(sample.rssBytes);
    this.#peakHeapBytes = Math.max(this.#peakHeapBytes, sample.heapUsedBytes);
    this.#sum.count++;
    this.#sum.rssBytes += sample.rssBytes;
    this.#sum.heapUsedBytes += sample.heapUsedBytes;
    this.#samples.push(sample);
    if (!this.#isStopped) saysPressure(this, sample.level);
    this.#subject.next(sample);
  }

  /** What it has seen so far; looks once more. */
  summary(): MemorySummary {
    const current = this.sample();
    const { count, rssBytes, heapUsedBytes } = this.#sum;
    const peak = { rssBytes: this.#peak.read(), isExact: this.#peak.isExact, heapUsedBytes: this.#peakHeapBytes };
    const average = { rssBytes: rssBytes / count, heapUsedBytes: heapUsedBytes / count };
    return { current, peak, average, snapshots: this.#samples.toArray() };
  }
}
