import { ownRssBytes } from '../memory/own-rss.ts';
import { PeakRss } from '../memory/peak-rss.ts';
import { MiB } from '../units.ts';
import { DepthMeter, type QueueDepth, type WatchedQueue } from './depth-meter.ts';
import { type GcCounts, GcWatch } from './gc-watch.ts';
import type { StageCounts, Timeline } from './timeline.ts';

/** What went by at one place of a pipeline, and what the process did meanwhile. */
export interface Profile {
  /** The name that the user gave. */
  readonly name: string;
  readonly items: number;
  /** Sum of `sizeOf`. */
  readonly bytes: number;
  readonly elapsedMs: number;
  /** Until the first value came; the whole time if none came. */
  readonly firstMs: number;
  /** Of `elapsedMs`, how long what is behind held on to values: its own work, synchronous. */
  readonly downstreamMs: number;
  /** Of `elapsedMs`, how long the next gate behind was shut: the sources before waited, or could have. */
  readonly waitedMs: number;
  /** What waited in the queue of that gate; all 0 if there is none. */
  readonly queue: QueueDepth;
  /** How long a value waited in that queue, on average (Little's law: mean depth by throughput). */
  readonly lagMs: number;
  /** CPU of the whole process, user and system. */
  readonly cpuMs: number;
  /** Items and bytes per second. */
  readonly itemsPerSecond: number;
  readonly bytesPerSecond: number;
  /** The highest RSS of the process meanwhile. */
  readonly peakRssBytes: number;
  /** How much that is above the RSS at the start. */
  readonly grownRssBytes: number;
  /** `grownRssBytes` to the size of the input, if that was given; see {@link ratioToInput}. */
  readonly memoryRatio: number | undefined;
  readonly gc: GcCounts;
  /** How it ended. */
  readonly end: 'complete' | 'error' | 'unsubscribe';
}

/** An input below this counts as one of this size: what grows beside a small file is the heap, at its own pace. */
const LEAST_INPUT_BYTES: number = MiB;

/** How many times the size of its input the process has grown by; `undefined` if that is not known. */
export function ratioToInput(grownBytes: number, inputBytes: number | undefined): number | undefined {
  return inputBytes === undefined || inputBytes <= 0 ? undefined : grownBytes / Math.max(inputBytes, LEAST_INPUT_BYTES);
}

/** Options for {@link Profiler}. */
export interface ProfilerOptions {
  /** Under which profiles are put together. @defaultValue `'unnamed'` */
  readonly name?: string | undefined;
  /** Size of the input, for `memoryRatio`. @defaultValue unknown */
  readonly inputBytes?: number | undefined;
  /** Draws its place as a stage of its name. @defaultValue none */
  readonly timeline?: Timeline | undefined;
  /** Lets the kernel's mark of the highest RSS start anew, so that the peak is exact. @defaultValue false */
  readonly isResettingPeak?: boolean | undefined;
}

/** Items between two looks at RSS: one costs as much as twenty items. */
const LOOK_EVERY = 256;

/** Measures from its making to `stop`. Caller stops. */
export class Profiler {
  readonly #options: ProfilerOptions;
  readonly #startedAtMs: number = performance.now();
  readonly #depth: DepthMeter;
  readonly #cpuAtStart: NodeJS.CpuUsage = process.cpuUsage();
  readonly #rssAtStartBytes: number = ownRssBytes();
  readonly #peak: PeakRss;
  readonly #gc: GcWatch = new GcWatch();
  readonly #unfollow: (() => void) | undefined;
  #items = 0;
  #bytes = 0;
  #firstMs: number | undefined;
  #downstreamMs = 0;

  constructor(options: ProfilerOptions = {}, queue?: WatchedQueue) {
    this.#options = options;
    this.#depth = new DepthMeter(queue);
    this.#peak = new PeakRss(options.isResettingPeak);
    this.#peak.note(this.#rssAtStartBytes);
    this.#unfollow = options.timeline?.follow(options.name ?? 'unnamed', () => this.counts());
  }

  /** What went by so far. */
  counts(): StageCounts {
    return { items: this.#items, bytes: this.#bytes, waitedMs: this.#depth.waitedMs };
  }

  /** A value of `bytes` came. */
  count(bytes: number): void {
    this.#firstMs ??= performance.now() - this.#startedAtMs;
    this.#bytes += bytes;
    if (this.#items++ % LOOK_EVERY === 0) this.#peak.note(ownRssBytes());
  }

  /** What is behind had a value from the one time to the other. */
  countDownstream(beganMs: number, endedMs: number): void {
    this.#downstreamMs += endedMs - beganMs;
    this.#depth.look(endedMs);
    this.#options.timeline?.look(endedMs);
  }

  stop(end: Profile['end']): Profile {
    const elapsedMs = performance.now() - this.#startedAtMs;
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    this.#peak.note(ownRssBytes());
    const peakRssBytes = this.#peak.close();
    const grownRssBytes = Math.max(0, peakRssBytes - this.#rssAtStartBytes);
    const { name = 'unnamed', inputBytes } = this.#options;
    this.#unfollow?.();
    const { waitedMs, queue } = this.#depth.stop();
    return {
      name,
      items: this.#items,
      bytes: this.#bytes,
      elapsedMs,
      firstMs: this.#firstMs ?? elapsedMs,
      downstreamMs: this.#downstreamMs,
      waitedMs,
      queue,
      lagMs: this.#items === 0 ? 0 : (queue.meanItems * elapsedMs) / this.#items,
      cpuMs: (user + system) / 1000,
      itemsPerSecond: (1000 * this.#items) / elapsedMs,
      bytesPerSecond: (1000 * this.#bytes) / elapsedMs,
      peakRssBytes,
      grownRssBytes,
      memoryRatio: ratioToInput(grownRssBytes, inputBytes),
      gc: this.#gc.close(),
      end,
    };
  }
}
