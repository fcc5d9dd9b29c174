import type { Failure } from '../failures/failure.ts';
import type { Found } from '../find/found.ts';
import type { OpenedAhead } from './opened-ahead.ts';

/** A part of what an input holds. */
export interface Part<T> {
  readonly value: T;
  /** Bytes that it takes in memory, about. */
  readonly weightBytes: number;
  /** With the last part of an input that failed: why. */
  readonly failure?: Failure | undefined;
}

/** How inputs become records: in this thread as batches, in worker threads as pieces of JSON lines. */
export interface Lane<T> {
  /** Inputs that it opens before their turn has come. */
  readonly aheadCount?: number;
  /** Begins to open an input whose turn is to come. Caller drops. */
  openAhead?(found: Found, signal: AbortSignal): OpenedAhead | undefined;
  /** Everything of one input, from its `file` record to its `end`, whatever happens; throws only if `signal` is aborted. */
  extract(found: Found, signal: AbortSignal, ahead?: OpenedAhead): AsyncIterable<Part<T>>;
  /** Gives threads and memory back. */
  close(): Promise<void>;
}
