import type { BlockReader } from '../block-reader.ts';
import { EntryWindow } from './entry-window.ts';
import type { Track } from './movie.ts';

/** Which samples are keyframes: the numbers that `stss` has (ISO/IEC 14496-12 8.6.2), or all of them. */
export class SyncColumn {
  readonly windows: readonly EntryWindow[];
  readonly #window: EntryWindow;
  readonly #isTold: boolean;
  #nextSync = -1;

  constructor(reader: BlockReader, { tables, type }: Track) {
    this.#window = new EntryWindow(reader, tables.get('stss'));
    this.windows = [this.#window];
    this.#isTold = tables.has('stss') && type === 'video';
  }

  /** Fills `target`, whose first element is that of sample `first`, as far as the window tells; answers how far. */
  take(target: Uint8Array, from: number, to: number, first: number): number {
    if (!this.#isTold) {
      target.fill(1, from, to);
      return to;
    }
    const window = this.#window;
    while (from < to) {
      while (this.#nextSync < first + from && window.at < window.end) this.#nextSync = window.words[window.at++]! - 1;
      const isOver = this.#nextSync < first + from;
      if (isOver && !window.isDone) return from;
      const stop = isOver ? to : Math.min(to, this.#nextSync - first);
      target.fill(0, from, stop);
      if (stop < to) target[stop] = 1;
      from = stop < to ? stop + 1 : to;
    }
    return to;
  }
}
