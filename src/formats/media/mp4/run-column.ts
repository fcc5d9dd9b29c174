import type { BlockReader } from '../block-reader.ts';
import { EntryWindow } from './entry-window.ts';
import type { Table } from './movie.ts';

/** A table of runs, `stts` or `ctts` (ISO/IEC 14496-12 8.6.1): so many samples, and what each of them has. */
export class RunColumn {
  readonly windows: readonly EntryWindow[];
  readonly #window: EntryWindow;
  readonly #isKept: boolean;
  #left = 0;
  #value = 0;

  /** `isKept`: samples behind the last run have what those of the last run have; else 0. */
  constructor(reader: BlockReader, table: Table | undefined, isKept: boolean) {
    this.#window = new EntryWindow(reader, table);
    this.windows = [this.#window];
    this.#isKept = isKept;
  }

  /** Fills `target` as far as the window has runs; answers how far. Whether the numbers have a sign is its matter. */
  take(target: Uint32Array | Int32Array, from: number, to: number): number {
    const stop = Math.min(to, from + this.#left);
    target.fill(this.#value, from, stop);
    this.#left -= stop - from;
    const filled = stop < to ? this.#takeRuns(target, stop, to) : to;
    if (filled === to || !this.#window.isDone) return filled;
    target.fill(this.#isKept ? this.#value : 0, filled, to);
    return to;
  }

  #takeRuns(target: Uint32Array | Int32Array, from: number, to: number): number {
    const window = this.#window;
    const { words, end } = window;
    let { at } = window;
    let left = 0;
    let value = this.#value;
    for (; at < end && from < to; at += 2) {
      left = words[at]!;
      if (left > 0) value = words[at + 1]!;
      for (; left > 0 && from < to; left--) target[from++] = value;
    }
    window.at = at;
    this.#left = left;
    this.#value = value;
    return from;
  }
}
