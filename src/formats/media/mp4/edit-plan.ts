import { TidegateError } from '../../../errors.ts';
import type { Movie, Track } from './movie.ts';
import type { OffsetRange } from './offset-range.ts';
import { type PacketCursor, PacketPage } from './packet-page.ts';

/** Steps through sample tables that finding the stretches of a track may take, whatever its edit list says. */
const MAX_STEPS = 10_000_000;

/** A stretch of the media that an edit shows (ISO/IEC 14496-12 8.6.6). */
export interface Stretch {
  /** First packet: the keyframe that the shown ones need. */
  readonly startIndex: number;
  /** Added to the times of the media. */
  readonly shift: number;
  /** Composition times from here on are shown ... */
  readonly from: number;
  /** ... and from here on no more. */
  readonly to: number;
}

/** The packets of a track, before any edit. */
export interface EditSource {
  readonly track: Track;
  readonly open: (page?: PacketPage) => PacketCursor;
  readonly range: OffsetRange;
  /** The most that a packet is shown before it is decoded. */
  readonly dtsLead: number;
}

/**
 * What the edit list of a track shows, as FFmpeg's demuxer plays it: each edit from the keyframe before it on, one
 * second earlier for sound, and times that begin at the sum of the empty edits in front.
 */
export async function planEdits(movie: Movie, source: EditSource): Promise<Stretch[]> {
  const { track } = source;
  const stretches: Stretch[] = [];
  const walk = new Walk(source);
  let startTime = 0;
  let emptyUnits = 0;
  let earliest = Number.POSITIVE_INFINITY;
  for (const { duration, mediaTime } of track.edits) {
    const units = Math.round((duration * track.timeScale) / movie.timeScale);
    if (mediaTime < 0) {
      if (stretches.length === 0) emptyUnits += units;
    } else {
      const bounds = { from: mediaTime, to: mediaTime + units };
      const startIndex = await walk.keyframeBefore(mediaTime);
      const shown = await walk.firstShown(startIndex, bounds, stretches.length === 0);
      stretches.push({ startIndex, shift: startTime - shown.origin, ...bounds });
      earliest = Math.min(earliest, startTime - shown.origin + shown.earliestTime);
    }
    startTime += units;
  }
  // What is shown first of a video starts with the movie, even where no picture starts exactly with its edit
  const late = track.type === 'video' && Number.isFinite(earliest) ? Math.max(0, earliest - emptyUnits) : 0;
  return late > 0 ? stretches.map((stretch) => ({ ...stretch, shift: stretch.shift - late })) : stretches;
}

/** Looks for packets in the tables of one track, front to back. */
class Walk {
  readonly #track: Track;
  readonly #open: EditSource['open'];
  /** A small one: most walks end soon. */
  readonly #page = new PacketPage(128);
  readonly #dtsLead: number;
  readonly #hasOffsets: boolean;
  #steps = 0;

  constructor({ track, open, dtsLead }: EditSource) {
    this.#track = track;
    this.#open = open;
    this.#dtsLead = dtsLead;
    this.#hasOffsets = track.tables.has('ctts');
  }

  /** Number of the last keyframe that is decoded and shown at or before a time; for sound a second earlier. */
  async keyframeBefore(mediaTime: number): Promise<number> {
    const { type, timeScale } = this.#track;
    const target = type === 'audio' ? Math.max(mediaTime - timeScale, 0) : mediaTime;
    const cursor = this.#open(this.#page);
    let keyframe = -1;
    let keyframeDts = -1;
    let last = 0;
    for (;;) {
      const page = await this.#turn(cursor);
      if (!page) break;
      const { firstIndex, end, dts, compositions, keyframes } = page;
      let at = 0;
      for (; at < end && dts[at]! <= target; at++) {
        last = firstIndex + at;
        const isInTime = !this.#hasOffsets || dts[at]! + compositions[at]! <= target;
        if (keyframes[at] === 0 || !isInTime || dts[at] === keyframeDts) continue;
        keyframe = last;
        keyframeDts = dts[at]!;
      }
      if (at < end) break;
    }
    return keyframe >= 0 ? keyframe : this.#hasOffsets ? 0 : last;
  }

  /** Which time of the media starts the edit, and the earliest composition time that it shows. */
  async firstShown(
    startIndex: number,
    { from, to }: { readonly from: number; readonly to: number },
    isFirst: boolean,
  ): Promise<{ readonly origin: number; readonly earliestTime: number }> {
    const cursor = this.#open(this.#page);
    let start: number | undefined;
    let origin: number | undefined;
    let earliestTime = Number.POSITIVE_INFINITY;
    for (let isOver = false; !isOver; ) {
      const page = await this.#turn(cursor);
      if (!page) break;
      const { firstIndex, end, dts, compositions, durations } = page;
      for (let at = Math.max(0, startIndex - firstIndex); at < end && !isOver; at++) {
        const lead = dts[at]! - this.#dtsLead;
        isOver = lead >= earliestTime;
        if (isOver) break;
        const time = dts[at]! + compositions[at]!;
        start ??= dts[at]!;
        const isCovered = time >= from && time < to;
        const isHalf = isFirst && isCutSound(this.#track, time, time + durations[at]!, from);
        if (isCovered || isHalf) origin ??= isHalf ? dts[at]! + from - time : dts[at]!;
        if (isCovered) earliestTime = Math.min(earliestTime, time);
        isOver = origin === undefined && lead >= to;
      }
    }
    return { origin: origin ?? start ?? from, earliestTime };
  }

  async #turn(cursor: PacketCursor): Promise<PacketPage | undefined> {
    if (this.#steps > MAX_STEPS) {
      const message = `Cannot follow the edit list of track ${this.#track.id}: ${this.#track.edits.length} edits take more than ${MAX_STEPS} steps`;
      throw new TidegateError('ERR_LIMIT', message, { limit: MAX_STEPS });
    }
    if (!(await cursor.turn())) return undefined;
    this.#steps += cursor.page.end;
    return cursor.page;
  }
}

/** A packet of sound that its edit starts within: it is shown from there on. Vorbis does so by itself. */
export function isCutSound({ type, entry }: Track, time: number, endTime: number, from: number): boolean {
  return type === 'audio' && entry?.codec !== 'vorbis' && time < from && endTime > from;
}
