import { TidegateError } from '../../../errors.ts';
import type { BlockReader } from '../block-reader.ts';
import { EntryWindow } from './entry-window.ts';
import type { Track } from './movie.ts';

/** Walks over the chunks of a track, by `stsc` and `stco` or `co64` (ISO/IEC 14496-12 8.7.4, 8.7.5). */
export class ChunkWalk {
  readonly windows: readonly EntryWindow[];
  /** Where the next sample is. */
  offset = 0;
  /** Samples that are left in the chunk. */
  left = 0;
  readonly #track: Track;
  readonly #runs: EntryWindow;
  readonly #chunks: EntryWindow;
  readonly #hasLargeOffsets: boolean;
  #perChunk = 0;
  #chunkNumber = 0;

  constructor(reader: BlockReader, track: Track) {
    const { tables } = track;
    this.#track = track;
    this.#hasLargeOffsets = tables.has('co64');
    this.#runs = new EntryWindow(reader, tables.get('stsc'));
    this.#chunks = new EntryWindow(reader, tables.get('co64') ?? tables.get('stco'));
    this.windows = [this.#runs, this.#chunks];
  }

  /** Fills `target` with the places of samples of the given lengths, as far as the windows tell; answers how far. */
  take(target: number[], from: number, to: number, lengths: ArrayLike<number>): number {
    while (from < to && (this.left > 0 || this.enter())) {
      const stop = Math.min(to, from + this.left);
      this.left -= stop - from;
      let { offset } = this;
      for (; from < stop; from++) {
        target[from] = offset;
        offset += lengths[from]!;
      }
      this.offset = offset;
    }
    return from;
  }

  /** Goes to the next chunk that has samples; `false` where a window is dry, or no chunk is left. */
  enter(): boolean {
    const runs = this.#runs;
    const chunks = this.#chunks;
    this.left = 0;
    while (this.left === 0) {
      if (runs.isDry || chunks.at >= chunks.end) return false;
      // 8.7.4: a run holds for all chunks (from 1) until the next run starts
      if (!runs.isDone && runs.words[runs.at]! <= this.#chunkNumber + 1) {
        this.#perChunk = runs.words[runs.at + 1]!;
        runs.at += 3;
        continue;
      }
      this.offset = chunks.words[chunks.at++]!;
      if (this.#hasLargeOffsets) this.offset = this.offset * 2 ** 32 + chunks.words[chunks.at++]!;
      this.left = this.#perChunk;
      this.#chunkNumber++;
    }
    return true;
  }

  /** A sample that has no place, or nothing else that the tables should tell. */
  missing(index: number, what = 'chunk offset (stco, co64)'): TidegateError {
    const { id, sampleCount } = this.#track;
    const message = `Cannot locate sample ${index} of ${sampleCount} in track ${id}: no ${what} is left for it`;
    return new TidegateError('ERR_MALFORMED', message, { offset: this.#chunks.table.offset });
  }
}
