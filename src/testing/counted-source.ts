import { type Observable, tap } from 'rxjs';
import { fromPull } from '../flow/from-pull.ts';

/** How a counted source gives its values: from a generator, an async generator, or through the event loop. */
export type SourceKind = 'sync' | 'async' | 'io';

/** All kinds of counted sources. */
export const SOURCE_KINDS: readonly SourceKind[] = ['sync', 'async', 'io'];

/** What counted sources have done so far. */
export interface Tally {
  /** Values that were made. An asynchronous source may hold one that it has made and must not emit yet. */
  pulled: number;
  /** Values that went out. */
  emitted: number;
  /** Sources that were begun. */
  opened: number;
  /** Sources whose `finally` has run. */
  closed: number;
}

/** A tally that counts from 0. */
export function tally(): Tally {
  return { pulled: 0, emitted: 0, opened: 0, closed: 0 };
}

/** Options for {@link countedSource}. */
export interface CountedSourceOptions {
  /** Where to count. @defaultValue a tally that nobody sees */
  readonly tally?: Tally | undefined;
  /** Name in stall reports. @defaultValue the kind */
  readonly label?: string | undefined;
}

/**
 * A source for tests of pipelines: 0, 1, 2 ... below `count`. Its tally shows whether it waits.
 *
 * - Emits: `count` numbers.
 * - Waits: before every item while a gate behind it is shut.
 * - Holds: one number.
 * - Fails: never.
 *
 * @example
 * ```ts
 * const seen = tally();
 * const sink = new StallingSink<number>();
 * void drain(countedSource('async', 1000, { tally: seen }).pipe(mapAsync(async (x) => x)), sink.take);
 * await settled(() => seen.emitted);
 * console.log(seen.emitted <= 32);
 * sink.release();
 * ```
 */
export function countedSource(kind: SourceKind, count: number, options: CountedSourceOptions = {}): Observable<number> {
  const { tally: seen = tally(), label = kind } = options;
  const open = () => (kind === 'sync' ? values(count, seen) : slowValues(kind, count, seen));
  return fromPull<number>(open, { label }).pipe(tap(() => seen.emitted++));
}

function* values(count: number, seen: Tally): Generator<number> {
  seen.opened++;
  try {
    for (let i = 0; i < count; i++) {
      seen.pulled++;
      yield i;
    }
  } finally {
    seen.closed++;
  }
}

async function* slowValues(kind: SourceKind, count: number, seen: Tally): AsyncGenerator<number> {
  let i = 0;
  for (const value of values(count, seen)) {
    if (kind === 'io' && i++ % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    yield value;
  }
}
