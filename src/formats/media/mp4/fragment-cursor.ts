import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import type { BlockReader } from '../block-reader.ts';
import type { TrackRun } from './fragment.ts';
import type { TrackCursor } from './lanes.ts';
import type { Track } from './movie.ts';

/** ISO/IEC 14496-12 8.8.3.1: sample_is_non_sync_sample. */
const IS_NON_SYNC = 0x10000;
/** And sample_depends_on = 1: it needs others. */
const DEPENDS = 0x1000000;
const ENTRIES_AT_ONCE = 512;

/** Steps through the samples of a track, fragment by fragment: {@link add} their runs as they are found. */
export class FragmentCursor implements TrackCursor {
  readonly track: Track;
  index: number;
  offset = 0;
  lengthBytes = 0;
  dts = 0;
  compositionOffset = 0;
  isKeyframe = true;
  readonly #reader: BlockReader;
  readonly #runs: TrackRun[] = [];
  #done = 0;
  #entries: Buffer = Buffer.alloc(0);
  #entriesFirst = 0;
  #entriesCount = 0;
  #nextDts = 0;
  #nextOffset = 0;

  constructor(reader: BlockReader, track: Track) {
    this.#reader = reader;
    this.track = track;
    this.index = track.sampleCount - 1;
  }

  /** Appends a run. One that would go on for ever is refused. */
  add(run: TrackRun): void {
    if (run.count === 0) return;
    if (run.entryBytes === 0 && run.defaults.sizeBytes === 0) {
      const message = `Cannot read a run of ${run.count} samples without sizes`;
      throw new TidegateError('ERR_MALFORMED', message, { offset: run.entriesOffset });
    }
    this.#runs.push(run);
  }

  next(): boolean | Promise<boolean> {
    const run = this.#runs[0];
    if (!run) return false;
    if (this.#done === 0 && this.#entriesCount === 0) this.#enter(run);
    if (this.#done >= this.#entriesFirst + this.#entriesCount) {
      const filled = this.#fill(run);
      if (isPromise(filled)) return filled.then(() => this.#step(run));
    }
    return this.#step(run);
  }

  #enter(run: TrackRun): void {
    if (run.baseTime !== undefined) this.#nextDts = run.baseTime;
    if (run.dataOffset !== undefined) this.#nextOffset = run.dataOffset;
  }

  #fill(run: TrackRun): void | Promise<void> {
    const wanted = Math.min(run.count - this.#done, ENTRIES_AT_ONCE);
    this.#entriesFirst = this.#done;
    this.#entriesCount = wanted;
    if (run.entryBytes === 0) return;
    const start = run.entriesOffset + this.#done * run.entryBytes;
    const take = (bytes: Buffer): void => {
      this.#entries = Buffer.from(bytes);
      this.#entriesCount = Math.floor(bytes.length / run.entryBytes);
      if (this.#entriesCount === 0) throw this.#reader.truncated(start, run.entryBytes, 'a track run');
    };
    const read = this.#reader.view(start, wanted * run.entryBytes);
    return isPromise(read) ? read.then(take) : take(read);
  }

  #step(run: TrackRun): boolean {
    let at = (this.#done - this.#entriesFirst) * run.entryBytes;
    const field = (flag: number): number | undefined => {
      if (!(run.flags & flag)) return undefined;
      at += 4;
      return this.#entries.readUInt32BE(at - 4);
    };
    const duration = field(0x100) ?? run.defaults.duration;
    this.lengthBytes = field(0x200) ?? run.defaults.sizeBytes;
    const ownFlags = field(0x400) ?? run.defaults.flags;
    const flags = this.#done === 0 ? (run.firstSampleFlags ?? ownFlags) : ownFlags;
    this.compositionOffset = (field(0x800) ?? 0) | 0; // signed, whatever the version says, as every reader takes it
    this.isKeyframe = this.track.type !== 'video' || (flags & (IS_NON_SYNC | DEPENDS)) === 0;
    this.dts = this.#nextDts;
    this.#nextDts += duration;
    this.offset = this.#nextOffset;
    this.#nextOffset += this.lengthBytes;
    this.index++;
    if (++this.#done < run.count) return true;
    this.#runs.shift();
    this.#done = 0;
    this.#entriesFirst = 0;
    this.#entriesCount = 0;
    return true;
  }
}
