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

  /** Fills `target` as far as the window has runs; answers how far. Numbers come as 32 bits with a sign. */
  take(target: number[], from: number, to: number): number {
    const window = this.#window;
    const { words, end } = window;
    let left = this.#left;
    let value = this.#value;
    for (; from < to; from++) {
      // runs of no samples are passed over, each of them an entry of the file
      while (left === 0 && window.at < end) {
        left = words[window.at]!;
        if (left > 0) value = words[window.at + 1]! | 0;
        window.at += 2;
      }
      if (left === 0) break;
      left--;
      target[from] = value;
    }
    this.#left = left;
    this.#value = value;
    if (from === to || !window.isDone) return from;
    target.fill(this.#isKept ? value : 0, from, to);
    return to;
  }
}
