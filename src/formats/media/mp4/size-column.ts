import type { BlockReader } from '../block-reader.ts';
import { EntryWindow } from './entry-window.ts';
import type { Track } from './movie.ts';

/** The sizes of samples, `stsz` or `stz2` (ISO/IEC 14496-12 8.7.3): one for all, or a table. */
export class SizeColumn {
  readonly windows: readonly EntryWindow[];
  readonly #window: EntryWindow;
  readonly #fixedBytes: number;

  constructor(reader: BlockReader, { tables, sizeBits, fixedSampleBytes }: Track) {
    this.#window = new EntryWindow(reader, tables.get('stsz'), sizeBits);
    this.windows = [this.#window];
    this.#fixedBytes = fixedSampleBytes;
  }

  /** Fills `target` as far as the window has sizes; answers how far. */
  take(target: number[], from: number, to: number): number {
    if (this.#fixedBytes > 0) {
      target.fill(this.#fixedBytes, from, to);
      return to;
    }
    const { words, at, end } = this.#window;
    const count = Math.min(to - from, end - at);
    for (let i = 0; i < count; i++) target[from + i] = words[at + i]!;
    this.#window.at += count;
    return from + count;
  }
}
