import type { MemoryReport, Slowdown } from '../memory/memory-report.ts';

/** What a sink is told before its first batch. */
export interface SinkContext {
  /** Aborted when the run is cancelled: pending work of the sink should end at once. */
  readonly signal: AbortSignal;
  /** Ends the run with this error: for what goes wrong while no method of the sink is waited for. */
  readonly fail?: (error: unknown) => void;
}

/** What lands in a sink as a whole or not at all: the records of one file. */
export interface SinkUnit {
  /** The `file` of its records. */
  readonly file: string;
  /**
   * Differs when the content may differ: size, mtime in nanoseconds and inode of a file on disk. Empty: known by its
   * name alone.
   */
  readonly identity: string;
}

/** What `begin` answers: its records are wanted, or the sink has them for good. */
export type UnitState = 'write' | 'committed';

/**
 * Where values end up. `drain` calls `start` once, then `write` with one batch at a time and never two at once,
 * then either `close` (all is delivered: make it durable and visible) or `abort` (leave nothing half done).
 * A promise from any of them is backpressure: the source waits for it.
 *
 * A sink of records that has `commit` writes by **units**: each file is there whole, once, or not at all. It hears
 * `begin` before the first record of a file (with `committed` as its answer, none follows) and `commit` some time
 * after the last. Units lie side by side in the batches. {@link UnitSink} makes these calls; `begin`, `write` and
 * `commit` are never under way at once.
 */
export interface Sink<T> {
  start?(context: SinkContext): void | Promise<void>;
  /** A unit that begins again has lost what it wrote before. */
  begin?(unit: SinkUnit): UnitState | Promise<UnitState>;
  write(batch: readonly T[]): void | Promise<void>;
  /**
   * Makes these units durable, with a mark by which the next run knows them: all of it, or nothing if the process
   * dies meanwhile. They are those whose `end` was written since the last commit.
   */
  commit?(units: readonly SinkUnit[]): void | Promise<void>;
  /** Units that began and were not committed must not stay. */
  close?(): void | Promise<void>;
  /** The same; what is committed stays. */
  abort?(reason: unknown): void | Promise<void>;
  /** Bytes that the sink holds and has not passed on. */
  readonly bufferedBytes?: number;
  /** How long a unit that has ended may wait for its commit, and others with it. @defaultValue 1000 */
  readonly commitMs?: number;
}

/** What became of a run into a sink. */
export interface SinkReport {
  /** Values that the sink has taken. */
  readonly items: number;
  /** Calls of `write`. */
  readonly batches: number;
  readonly elapsedMs: number;
  /** The most values that waited in the sink's queue at once. */
  readonly peakQueuedItems: number;
  /** The most bytes that waited in the sink's queue at once. */
  readonly peakQueuedBytes: number;
  /** What the run did to memory: without a limit, looked at every 256 values. */
  readonly memory: MemoryReport;
  /** When, why and how long the run was held back, and what was done: those of `memory`. */
  readonly slowdowns: readonly Slowdown[];
}
