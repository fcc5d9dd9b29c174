import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { gateBelow, subscribeThrough } from '../flow/scope.ts';
import type { MemoryReport } from '../memory/memory-report.ts';
import { functionOf } from '../options.ts';
import { MemoryLimit, type MemoryLimitOptions } from '../profile/memory-limit.ts';

/** Options for {@link limitMemory}: a budget, a limit on RSS, a monitor, or several of them. */
export interface LimitMemoryOptions extends MemoryLimitOptions {
  /** Told at the end of each subscription, however it ends, what the run did to memory. Must not throw. */
  readonly report?: ((report: MemoryReport) => void) | undefined;
}

/**
 * Holds back the sources before it while memory is short.
 *
 * - Emits: every value, at once.
 * - Waits: the sources wait while the budget is used up, RSS is over `maxRssBytes`, or the monitor says `critical`.
 *   If nothing moves meanwhile, one item passes every `pulseMs`; if RSS does not fall, they go on as under critical
 *   pressure. It never stops a run for good, nor its end.
 * - Holds: nothing.
 * - Fails: with the error of the source. `report` must not throw.
 *
 * @example
 * ```ts
 * const budget = new MemoryBudget(64 * MiB);
 * const limited = extract('big.dcm').pipe(limitMemory({ budget, maxRssBytes: 512 * MiB }));
 * await drain(limited, (record) => table.insert(record));
 * ```
 */
export function limitMemory<T>(options: LimitMemoryOptions): MonoTypeOperatorFunction<T> {
  const report = functionOf('report', options.report ?? (() => {}));
  return (source) =>
    new Observable<T>((subscriber) => {
      const limit = new MemoryLimit(options, gateBelow(subscriber)?.queues);
      subscriber.add(() => report(limit.close()));
      const observer = {
        next: (value: T) => subscriber.next(value),
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      };
      subscribeThrough(source, subscriber, observer, subscriber, limit);
    });
}
