import { type Observable, tap } from 'rxjs';
import { type FromPullOptions, fromPull } from '../../src/flow/index.ts';

/** How a source under test gives its values. */
export type SourceKind = 'sync' | 'async' | 'io';
export const SOURCE_KINDS: readonly SourceKind[] = ['sync', 'async', 'io'];

/** Counts what sources under test have emitted. */
export interface Tally {
  pulled: number;
  emitted: number;
  opened: number;
  closed: number;
}

export function tally(): Tally {
  return { pulled: 0, emitted: 0, opened: 0, closed: 0 };
}

/** 0, 1, 2 ... below `count`, counted as they are pulled and emitted, from a generator of the given kind. */
export function counted(
  kind: SourceKind,
  count: number,
  seen: Tally = tally(),
  options: FromPullOptions = {},
): Observable<number> {
  const label = options.label ?? kind;
  const open = () => (kind === 'sync' ? syncValues(count, seen) : asyncValues(kind, count, seen));
  return fromPull<number>(open, { label }).pipe(tap(() => seen.emitted++));
}

function* syncValues(count: number, seen: Tally): Generator<number> {
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

async function* asyncValues(kind: SourceKind, count: number, seen: Tally): AsyncGenerator<number> {
  seen.opened++;
  try {
    for (let i = 0; i < count; i++) {
      if (kind === 'io' && i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      seen.pulled++;
      yield i;
    }
  } finally {
    seen.closed++;
  }
}

/** Waits until nothing has changed for a while: what was going to run ahead has done so. */
export async function quiet(probe: () => number): Promise<void> {
  for (let same = 0, last = probe(); same < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 4));
    const now = probe();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

/** A sink that stalls on its first value until `release()`, and keeps all that it gets. */
export class StallingSink<T> {
  readonly values: T[] = [];
  release!: () => void;
  readonly #gate: Promise<void>;

  constructor() {
    this.#gate = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  readonly take = (value: T): void | Promise<void> => {
    this.values.push(value);
    return this.values.length === 1 ? this.#gate : undefined;
  };
}
