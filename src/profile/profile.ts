import { ownRssBytes } from '../memory/own-rss.ts';
import { PeakRss } from '../memory/peak-rss.ts';
import { type GcCounts, GcWatch } from './gc-watch.ts';

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
  /** CPU of the whole process, user and system. */
  readonly cpuMs: number;
  /** Items and bytes per second. */
  readonly itemsPerSecond: number;
  readonly bytesPerSecond: number;
  /** The highest RSS of the process meanwhile. */
  readonly peakRssBytes: number;
  /** How much that is above the RSS at the start. */
  readonly grownRssBytes: number;
  /** `grownRssBytes` to the size of the input, if that was given. */
  readonly memoryRatio: number | undefined;
  readonly gc: GcCounts;
  /** How it ended. */
  readonly end: 'complete' | 'error' | 'unsubscribe';
}

/** Options for {@link Profiler}. */
export interface ProfilerOptions {
  /** Under which profiles are put together. @defaultValue `'unnamed'` */
  readonly name?: string | undefined;
  /** Size of the input, for `memoryRatio`. @defaultValue unknown */
  readonly inputBytes?: number | undefined;
  /** Lets the kernel's mark of the highest RSS start anew, so that the peak is exact. @defaultValue false */
  readonly isResettingPeak?: boolean | undefined;
}

/** Items between two looks at RSS: one costs as much as twenty items. */
const LOOK_EVERY = 256;

/** Measures from its making to `stop`. Caller stops. */
export class Profiler {
  readonly #options: ProfilerOptions;
  readonly #startedAtMs: number = performance.now();
  readonly #cpuAtStart: NodeJS.CpuUsage = process.cpuUsage();
  readonly #rssAtStartBytes: number = ownRssBytes();
  readonly #peak: PeakRss;
  readonly #gc: GcWatch = new GcWatch();
  #items = 0;
  #bytes = 0;
  #firstMs: number | undefined;
  #downstreamMs = 0;

  constructor(options: ProfilerOptions = {}) {
    this.#options = options;
    this.#peak = new PeakRss(options.isResettingPeak);
    this.#peak.note(this.#rssAtStartBytes);
  }

  /** A value of `bytes` came. */
  count(bytes: number): void {
    this.#firstMs ??= performance.now() - this.#startedAtMs;
    this.#bytes += bytes;
    if (this.#items++ % LOOK_EVERY === 0) this.#peak.note(ownRssBytes());
  }

  /** What is behind had a value for so long. */
  countDownstream(elapsedMs: number): void {
    this.#downstreamMs += elapsedMs;
  }

  stop(end: Profile['end']): Profile {
    const elapsedMs = performance.now() - this.#startedAtMs;
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    this.#peak.note(ownRssBytes());
    const peakRssBytes = this.#peak.close();
    const grownRssBytes = Math.max(0, peakRssBytes - this.#rssAtStartBytes);
    const { name = 'unnamed', inputBytes } = this.#options;
    return {
      name,
      items: this.#items,
      bytes: this.#bytes,
      elapsedMs,
      firstMs: this.#firstMs ?? elapsedMs,
      downstreamMs: this.#downstreamMs,
      cpuMs: (user + system) / 1000,
      itemsPerSecond: (1000 * this.#items) / elapsedMs,
      bytesPerSecond: (1000 * this.#bytes) / elapsedMs,
      peakRssBytes,
      grownRssBytes,
      memoryRatio: inputBytes === undefined || inputBytes === 0 ? undefined : grownRssBytes / inputBytes,
      gc: this.#gc.close(),
      end,
    };
  }
}
