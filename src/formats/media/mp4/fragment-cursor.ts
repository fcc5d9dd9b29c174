import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import type { BlockReader } from '../block-reader.ts';
import type { TrackRun } from './fragment.ts';
import type { Track } from './movie.ts';
import { type PacketCursor, PacketPage } from './packet-page.ts';

/** ISO/IEC 14496-12 8.8.3.1: sample_is_non_sync_sample. */
const IS_NON_SYNC = 0x10000;
/** And sample_depends_on = 1: it needs others. */
const DEPENDS = 0x1000000;
/** 8.8.8.1: the fields that an entry has, in this order. */
const DURATION = 0x100;
const SIZE = 0x200;
const FLAGS = 0x400;
const COMPOSITION = 0x800;
const NO_ENTRIES: Buffer = Buffer.alloc(0);

/** A run, and by how much its earliest sample would be shown before it is decoded. */
interface TimedRun extends TrackRun {
  readonly lead: number;
}

/** Steps through the samples of a track, fragment by fragment: {@link add} their runs as they are found. */
export class FragmentCursor implements PacketCursor {
  readonly track: Track;
  readonly page: PacketPage = new PacketPage();
  readonly #lengths: Uint32Array = new Uint32Array(this.page.roomCount);
  readonly #flags: Uint32Array = new Uint32Array(this.page.roomCount);
  readonly #leads: Int32Array = new Int32Array(this.page.roomCount);
  readonly #reader: BlockReader;
  readonly #runs: TimedRun[] = [];
  #count: number;
  /** Samples of the first run that are through. */
  #done = 0;
  #dts = 0;
  #offset = 0;
  /** Added to all compositions, as FFmpeg does: nothing is shown before it is decoded. */
  #delay = 0;

  constructor(reader: BlockReader, track: Track) {
    this.#reader = reader;
    this.track = track;
    this.#count = track.sampleCount;
    this.page.lengths = this.#lengths;
  }

  /** Appends a run. One that would go on for ever is refused. */
  async add(run: TrackRun): Promise<void> {
    if (run.count === 0) return;
    if (run.entryBytes === 0 && run.defaults.sizeBytes === 0) {
      const message = `Cannot read a run of ${run.count} samples without sizes`;
      throw new TidegateError('ERR_MALFORMED', message, { offset: run.entriesOffset });
    }
    this.#runs.push({ ...run, lead: run.flags & COMPOSITION ? await this.#leadOf(run) : 0 });
  }

  /** A page ends with its run. */
  turn(): boolean | Promise<boolean> {
    const { page } = this;
    page.at = 0;
    page.end = 0;
    page.firstIndex = this.#count;
    const run = this.#runs[0];
    if (!run) return false;
    if (this.#done === 0) this.#enter(run);
    const wanted = Math.min(run.count - this.#done, page.roomCount);
    if (run.entryBytes === 0) return this.#take(run, NO_ENTRIES, wanted);
    const start = run.entriesOffset + this.#done * run.entryBytes;
    const took = (bytes: Buffer): boolean => {
      const count = Math.floor(bytes.length / run.entryBytes);
      if (count === 0) throw this.#reader.truncated(start, run.entryBytes, 'a track run');
      return this.#take(run, bytes, count);
    };
    const bytes = this.#reader.view(start, wanted * run.entryBytes);
    return isPromise(bytes) ? bytes.then(took) : took(bytes);
  }

  async #leadOf(run: TrackRun): Promise<number> {
    const pieceBytes = this.page.roomCount * run.entryBytes;
    const end = run.entriesOffset + run.count * run.entryBytes;
    let least = 0;
    for (let offset = run.entriesOffset; offset < end; offset += pieceBytes) {
      const bytes = await this.#reader.view(offset, Math.min(pieceBytes, end - offset));
      const count = Math.floor(bytes.length / run.entryBytes);
      fill(this.#leads, COMPOSITION, 0, { run, entries: bytes, count });
      for (let i = 0; i < count; i++) least = Math.min(least, this.#leads[i]!);
      if (bytes.length < pieceBytes) break;
    }
    return -least;
  }

  #enter(run: TimedRun): void {
    this.#delay = Math.max(this.#delay, run.lead);
    if (run.baseTime !== undefined) this.#dts = run.baseTime;
    if (run.dataOffset !== undefined) this.#offset = run.dataOffset;
  }

  #take(run: TrackRun, entries: Buffer, count: number): true {
    const { page } = this;
    const { duration, sizeBytes, flags } = run.defaults;
    fill(page.durations, DURATION, duration, { run, entries, count });
    fill(this.#lengths, SIZE, sizeBytes, { run, entries, count });
    fill(this.#flags, FLAGS, flags, { run, entries, count });
    if (this.#done === 0 && run.firstSampleFlags !== undefined) this.#flags[0] = run.firstSampleFlags;
    // with a sign, whatever the version says, as every reader takes it
    fill(page.compositions, COMPOSITION, 0, { run, entries, count });
    this.#sumUp(count);
    page.end = count;
    this.#count += count;
    this.#done += count;
    if (this.#done < run.count) return true;
    this.#runs.shift();
    this.#done = 0;
    return true;
  }

  /** Times and places follow from those of the samples before. */
  #sumUp(count: number): void {
    const { dts, durations, offsets, keyframes, compositions } = this.page;
    const isPicture = this.track.type === 'video';
    for (let i = 0; i < count; i++) {
      dts[i] = this.#dts;
      offsets[i] = this.#offset;
      this.#dts += durations[i]!;
      this.#offset += this.#lengths[i]!;
      compositions[i] = compositions[i]! + this.#delay;
      keyframes[i] = !isPicture || (this.#flags[i]! & (IS_NON_SYNC | DEPENDS)) === 0 ? 1 : 0;
    }
  }
}

interface Entries {
  readonly run: TrackRun;
  readonly entries: Buffer;
  readonly count: number;
}

/** Fills a column with a field of the entries (8.8.8.2), or with what stands for it where they leave it out. */
function fill(column: Uint32Array | Int32Array, flag: number, absent: number, { run, entries, count }: Entries): void {
  if (!(run.flags & flag)) {
    column.fill(absent, 0, count);
    return;
  }
  let at = 0;
  for (let before = DURATION; before < flag; before *= 2) if (run.flags & before) at += 4;
  for (let i = 0; i < count; i++, at += run.entryBytes) column[i] = entries.readUInt32BE(at);
}
