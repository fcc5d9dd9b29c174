import type { MemoryReport, Slowdown } from '../memory/memory-report.ts';

/** What a sink is told before its first batch. */
export interface SinkContext {
  /** Aborted when the run is cancelled: pending work of the sink should end at once. */
  readonly signal: AbortSignal;
}

/**
 * Where values end up. `drain` calls `start` once, then `write` with one batch at a time and never two at once,
 * then either `close` (all is delivered: make it durable and visible) or `abort` (leave nothing half done).
 * A promise from any of them is backpressure: the source waits for it.
 */
export interface Sink<T> {
  start?(context: SinkContext): void | Promise<void>;
  write(batch: readonly T[]): void | Promise<void>;
  close?(): void | Promise<void>;
  abort?(reason: unknown): void | Promise<void>;
  /** Bytes that the sink holds and has not passed on. */
  readonly bufferedBytes?: number;
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
