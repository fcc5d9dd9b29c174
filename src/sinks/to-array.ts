import type { Sink } from '../flow/sink.ts';

/** What {@link toArray} gives: a sink with the values that it took. */
export interface ArraySink<T> extends Sink<T> {
  /** The values in their order, complete when the run has ended. */
  readonly values: readonly T[];
}

/**
 * Keeps every value. For tests, and for runs that are known to be short: nothing bounds it.
 *
 * - Emits: nothing; the values are in `values`.
 * - Waits: never.
 * - Holds: everything.
 * - Fails: never.
 *
 * @example
 * ```ts
 * import { drain } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { toArray } from 'tidegate/sinks';
 *
 * const sink = toArray();
 * await drain(extract('scan.dcm'), sink);
 * console.log(sink.values.length);
 * ```
 */
export function toArray<T = unknown>(): ArraySink<T> {
  const values: T[] = [];
  return {
    values,
    write: (batch) => {
      for (const value of batch) values.push(value);
    },
  };
}
