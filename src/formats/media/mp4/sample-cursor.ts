import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import type { BlockReader } from '../block-reader.ts';
import { EntryWindow } from './entry-window.ts';
import type { Table, Track } from './movie.ts';

const EMPTY: Table = { offset: 0, entryBytes: 4, count: 0 };

/**
 * Steps through the samples of a track by its tables (ISO/IEC 14496-12 8.6, 8.7), each through a window of 16 KiB.
 * The fields describe the sample it stands on. Steps without a promise while the windows have what they need.
 */
export class SampleCursor {
  readonly track: Track;
  /** Number of the sample, from 0; -1 before the first. */
  index = -1;
  offset = 0;
  lengthBytes = 0;
  /** Decode time in units of the track, the edit list not applied. */
  dts = 0;
  /** Units until the next sample. */
  duration = 0;
  /** Composition time less decode time. */
  compositionOffset = 0;
  isKeyframe = true;
  readonly #times: EntryWindow;
  readonly #compositions: EntryWindow;
  readonly #sizes: EntryWindow;
  readonly #runs: EntryWindow;
  readonly #chunks: EntryWindow;
  readonly #syncs: EntryWindow;
  readonly #windows: readonly EntryWindow[];
  readonly #hasSyncs: boolean;
  readonly #hasLargeOffsets: boolean;
  readonly #count: number;
  readonly #fixedBytes: number;
  #timeLeft = 0;
  #delta = 0;
  #compositionLeft = 0;
  #composition = 0;
  #leftInChunk = 0;
  #perChunk = 0;
  #chunkNumber = 0;
  #nextOffset = 0;
  #nextSync = -1;

  constructor(reader: BlockReader, track: Track) {
    const window = (table: Table | undefined): EntryWindow => new EntryWindow(reader, table ?? EMPTY);
    this.track = track;
    this.#count = track.sampleCount;
    this.#fixedBytes = track.fixedSampleBytes;
    this.#times = window(track.tables.get('stts'));
    this.#compositions = window(track.tables.get('ctts'));
    this.#sizes = new EntryWindow(reader, track.tables.get('stsz') ?? EMPTY, track.sizeBits);
    this.#runs = window(track.tables.get('stsc'));
    this.#hasLargeOffsets = track.tables.has('co64');
    this.#chunks = window(track.tables.get('co64') ?? track.tables.get('stco'));
    this.#syncs = window(track.tables.get('stss'));
    this.#hasSyncs = track.tables.has('stss') && track.type === 'video';
    this.#windows = [this.#times, this.#compositions, this.#sizes, this.#runs, this.#chunks, this.#syncs];
  }

  /** Moves to the next sample; `false` at the end. */
  next(): boolean | Promise<boolean> {
    if (this.index + 1 >= this.#count) return false;
    while (!this.#isReady()) {
      for (const window of this.#windows) {
        const filled = window.isDry ? window.fill() : undefined;
        if (isPromise(filled)) return filled.then(() => this.next());
      }
    }
    this.#advance();
    return true;
  }

  /** Samples that are left in the chunk it stands on. */
  get chunkSamples(): number {
    return this.#leftInChunk;
  }

  /** Moves to the next chunk, its {@link chunkSamples} taken as one; `false` at the end. */
  nextChunk(): boolean | Promise<boolean> {
    const left = this.#count - (this.index + 1);
    if (left <= 0) return false;
    this.#leftInChunk = 0;
    while (this.#leftInChunk === 0) {
      if (this.#enterChunk()) continue;
      for (const window of [this.#runs, this.#chunks]) {
        const filled = window.isDry ? window.fill() : undefined;
        if (isPromise(filled)) return filled.then(() => this.nextChunk());
      }
    }
    this.#leftInChunk = Math.min(this.#leftInChunk, left);
    this.index += this.#leftInChunk;
    this.offset = this.#nextOffset;
    return true;
  }

  /**
   * Reads the entries that the next sample needs; `false` when a window ran dry. Every turn of a loop here uses
   * up an entry of a table in the file, so runs of no samples cannot hold it up.
   */
  #isReady(): boolean {
    while (this.#leftInChunk === 0) if (!this.#enterChunk()) return false;
    if (this.#timeLeft === 0 && !this.#nextTime()) return false;
    if (this.#compositionLeft === 0 && !this.#nextComposition()) return false;
    if (this.#hasSyncs && this.#nextSync <= this.index && !this.#findSync()) return false;
    return this.#fixedBytes > 0 || this.#sizes.at < this.#sizes.end || this.#sizes.isDone;
  }

  #nextTime(): boolean {
    const times = this.#times;
    while (this.#timeLeft === 0 && times.at < times.end) {
      this.#timeLeft = times.words[times.at]!;
      this.#delta = times.words[times.at + 1]!;
      times.at += 2;
    }
    return this.#timeLeft > 0 || times.isDone;
  }

  #nextComposition(): boolean {
    const compositions = this.#compositions;
    while (this.#compositionLeft === 0 && compositions.at < compositions.end) {
      this.#compositionLeft = compositions.words[compositions.at]!;
      // 8.6.1.3: version 0 is unsigned, but writers store negative offsets in it too
      this.#composition = compositions.words[compositions.at + 1]! | 0;
      compositions.at += 2;
    }
    return this.#compositionLeft > 0 || compositions.isDone;
  }

  #findSync(): boolean {
    const syncs = this.#syncs;
    while (this.#nextSync <= this.index && syncs.at < syncs.end) this.#nextSync = syncs.words[syncs.at++]! - 1;
    return this.#nextSync > this.index || syncs.isDone;
  }

  /** One step towards the next chunk: takes a run of `stsc`, or the chunk's offset. `false` when one is dry. */
  #enterChunk(): boolean {
    const runs = this.#runs;
    const chunks = this.#chunks;
    if (runs.isDry || chunks.isDry) return false;
    if (chunks.isDone) throw this.#missing('chunk offset (stco, co64)');
    // 8.7.4: a run holds for all chunks (from 1) until the next run starts
    if (!runs.isDone && runs.words[runs.at]! <= this.#chunkNumber + 1) {
      this.#perChunk = runs.words[runs.at + 1]!;
      runs.at += 3;
      return true;
    }
    this.#nextOffset = chunks.words[chunks.at++]!;
    if (this.#hasLargeOffsets) this.#nextOffset = this.#nextOffset * 2 ** 32 + chunks.words[chunks.at++]!;
    this.#leftInChunk = this.#perChunk;
    this.#chunkNumber++;
    return true;
  }

  #advance(): void {
    this.dts += this.index >= 0 ? this.duration : 0;
    this.index++;
    if (this.#timeLeft > 0) {
      this.duration = this.#delta;
      this.#timeLeft--;
    }
    this.compositionOffset = 0;
    if (this.#compositionLeft > 0) {
      this.compositionOffset = this.#composition;
      this.#compositionLeft--;
    }
    this.lengthBytes = this.#fixedBytes > 0 ? this.#fixedBytes : this.#size();
    this.offset = this.#nextOffset;
    this.#nextOffset += this.lengthBytes;
    this.#leftInChunk--;
    this.isKeyframe = !this.#hasSyncs || this.#nextSync === this.index;
  }

  #size(): number {
    const sizes = this.#sizes;
    if (sizes.at >= sizes.end) throw this.#missing('size (stsz)');
    return sizes.words[sizes.at++]!;
  }

  #missing(what: string): TidegateError {
    const { sampleCount, id } = this.track;
    const message = `Cannot locate sample ${this.index + 1} of ${sampleCount} in track ${id}: no ${what} is left for it`;
    return new TidegateError('ERR_MALFORMED', message, { offset: this.#chunks.table.offset });
  }
}
