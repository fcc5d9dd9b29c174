import type { BlockReader } from '../block-reader.ts';
import { EntryWindow } from './entry-window.ts';
import type { Track } from './movie.ts';

/** The sizes of samples, `stsz` or `stz2` (ISO/IEC 14496-12 8.7.3): one for all, or a table. */
export class SizeColumn {
  readonly #window: EntryWindow;
  readonly #fixed: Uint32Array | undefined;

  /** `mostCount`: the most that are taken at once. */
  constructor(reader: BlockReader, { tables, sizeBits, fixedSampleBytes }: Track, mostCount: number) {
    this.#window = new EntryWindow(reader, tables.get('stsz'), sizeBits);
    if (fixedSampleBytes > 0) this.#fixed = new Uint32Array(mostCount).fill(fixedSampleBytes);
  }

  /** Sizes of up to `count` samples to come: a view of the window, valid until the next call. None behind the last. */
  async take(count: number): Promise<Uint32Array> {
    if (this.#fixed) return this.#fixed.subarray(0, count);
    const window = this.#window;
    if (window.isDry) await window.fill();
    const { at } = window;
    window.at = Math.min(at + count, window.end);
    return window.words.subarray(at, window.at);
  }
}
