/** A time in which a run was held back. */
export interface Slowdown {
  /** When it began, in ms since the start of the run. */
  readonly atMs: number;
  readonly durationMs: number;
  /** What was short: bytes of the budget, RSS, or the pressure that a monitor saw. */
  readonly reason: 'budget' | 'rss' | 'pressure';
  /** For people: `'RSS 612 MiB of 512 MiB'`. */
  readonly detail: string;
  /**
   * What was done: sources `waited`, single items `pulsed` through though memory stayed short, idle memory was
   * `trimmed`, a collection `hinted`; fewer calls or files at once (`lowered`), smaller chunks (`shrunk`). Sources
   * `resumed` though memory was still short, since none of that brought it down.
   */
  readonly actions: readonly ('waited' | 'pulsed' | 'trimmed' | 'hinted' | 'lowered' | 'shrunk' | 'resumed')[];
}

/** What a run did to memory. */
export interface MemoryReport {
  /** The most bytes that the budget had out at once, or that the queues held, if there is no budget. */
  readonly peakBytesInFlight: number;
  /** The highest RSS of the process during the run. */
  readonly peakRssBytes: number;
  /** The time in which sources waited for memory. */
  readonly waitedMs: number;
  /** The last 100 times in which the run was held back, and why. */
  readonly slowdowns: readonly Slowdown[];
}
