import type { Recorder } from '../../recorder.ts';
import type { BlockReader } from '../block-reader.ts';
import type { PacketCursor, PacketPage } from './packet-page.ts';

/** Seconds by which the decode times of two streams may differ before time and not position decides on the order. */
const MAX_INTERLEAVE_SECONDS = 1;

/** A track among others: its next packet waits for its turn. */
export interface Lane {
  readonly cursor: PacketCursor;
  /** `stream[0]` */
  readonly path: string;
  readonly timeScale: number;
  /** Taken off decode times, so that none is later than its presentation time. */
  readonly dtsLead: number;
  /** The packets that come next. */
  page: PacketPage;
  /** Decode time of the first of them. */
  seconds: number;
}

/** A lane of the packets of a cursor, before its first page. */
export function laneOf(cursor: PacketCursor, dtsLead: number): Lane {
  const { streamIndex, timeScale } = cursor.track;
  return { cursor, path: `stream[${streamIndex}]`, timeScale, dtsLead, page: cursor.page, seconds: 0 };
}

/** Has a lane whose page is through turn it; `false` if there is no further one. */
export async function turnPage(lane: Lane): Promise<boolean> {
  if (!(await lane.cursor.turn())) return false;
  lane.page = lane.cursor.page;
  tellTime(lane);
  return true;
}

/** A lane has to turn its page before its next packet. */
export function isThrough({ page }: Lane): boolean {
  return page.at >= page.end;
}

/**
 * Adds packets of the lanes in the order of {@link choose}, until the batch is full, a lane is through with its page,
 * or the next packet lies behind `limitOffset`. One that the input ends before is refused.
 */
export function emitPackets(
  lanes: readonly Lane[],
  reader: BlockReader,
  out: Recorder,
  limitOffset: number = Number.POSITIVE_INFINITY,
): void {
  const { sizeBytes } = reader;
  const { fileName: file, formatName: format } = out;
  for (let room = out.roomCount; room > 0; room--) {
    const lane = choose(lanes);
    const { path, page, dtsLead, timeScale } = lane;
    const { at } = page;
    const offset = page.offsets[at]!;
    const length = page.lengths[at]!;
    if (offset > limitOffset) return;
    if (offset + length > sizeBytes) throw reader.truncated(offset, length, 'the media data of a sample');
    const start = page.dts[at]! + page.shift;
    const dts = start - dtsLead;
    const pts = start + page.compositions[at]!;
    const keyframe = page.keyframes[at] === 1;
    const value = page.discards[at] === 1 ? { keyframe, dts, pts, discard: true } : { keyframe, dts, pts };
    const index = page.firstIndex + at;
    const { seq } = out;
    if (timeScale > 0) {
      const time = pts / timeScale;
      out.add({ file, format, seq, kind: 'sample', path, index, time, offset, length, value });
    } else {
      out.add({ file, format, seq, kind: 'sample', path, index, offset, length, value });
    }
    page.at = at + 1;
    if (page.at === page.end) return;
    tellTime(lane);
  }
}

/**
 * Whose turn it is, as in FFmpeg's demuxer: that of the first packet in the file, unless it is more than a second
 * ahead of another one. The order only depends on the tables.
 */
export function choose(lanes: readonly Lane[]): Lane {
  let best = lanes[0]!;
  for (let i = 1; i < lanes.length; i++) {
    const lane = lanes[i]!;
    const isClose = Math.abs(best.seconds - lane.seconds) <= MAX_INTERLEAVE_SECONDS;
    if (isClose ? offsetOf(lane) < offsetOf(best) : lane.seconds < best.seconds) best = lane;
  }
  return best;
}

/** Where the next packet of a lane is. */
export function offsetOf({ page }: Lane): number {
  return page.offsets[page.at]!;
}

function tellTime(lane: Lane): void {
  const { page, dtsLead, timeScale } = lane;
  lane.seconds = (page.dts[page.at]! + page.shift - dtsLead) / timeScale;
}
