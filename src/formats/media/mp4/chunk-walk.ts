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

  /**
   * Fills `target` with the places of samples of the given lengths, as far as the windows tell; answers how far. Many
   * files have a chunk for each packet: chunks are entered in the same loop, which V8 compiles once.
   */
  take(target: number[], from: number, to: number, lengths: ArrayLike<number>): number {
    const runs = this.#runs;
    const chunks = this.#chunks;
    const { words } = chunks;
    let { left, offset } = this;
    while (from < to) {
      if (left > 0) {
        target[from] = offset;
        offset += lengths[from++]!;
        left--;
      } else if (chunks.at >= chunks.end || runs.isDry) {
        break;
      } else if (runs.at < runs.end && runs.words[runs.at]! <= this.#chunkNumber + 1) {
        // 8.7.4: a run holds for all chunks (from 1) until the next run starts
        this.#perChunk = runs.words[runs.at + 1]!;
        runs.at += 3;
      } else {
        offset = words[chunks.at++]!;
        if (this.#hasLargeOffsets) offset = offset * 2 ** 32 + words[chunks.at++]!;
        left = this.#perChunk;
        this.#chunkNumber++;
      }
    }
    this.left = left;
    this.offset = offset;
    return from;
  }

  /** Goes to the next chunk that has samples; `false` where a window is dry, or no chunk is left. */
  enter(): boolean {
    // a sample of no length is taken, and given back
    if (this.take([0], 0, 1, [0]) === 0) return false;
    this.left++;
    return true;
  }

  /** A sample that has no place, or nothing else that the tables should tell. */
  missing(index: number, what = 'chunk offset (stco, co64)'): TidegateError {
    const { id, sampleCount } = this.#track;
    const message = `Cannot locate sample ${index} of ${sampleCount} in track ${id}: no ${what} is left for it`;
    return new TidegateError('ERR_MALFORMED', message, { offset: this.#chunks.table.offset });
  }
}
