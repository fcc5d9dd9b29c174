import type { Recorder } from '../../recorder.ts';
import type { BlockReader } from '../block-reader.ts';
import type { Track } from './movie.ts';

/** Seconds by which the decode times of two streams may differ before time and not position decides on the order. */
const MAX_INTERLEAVE_SECONDS = 1;

/** Steps through the samples of one track; the fields describe the one it stands on. */
export interface TrackCursor {
  readonly track: Track;
  readonly index: number;
  readonly offset: number;
  readonly lengthBytes: number;
  /** Decode time in units of the track, the edit list not applied. */
  readonly dts: number;
  /** Presentation time less decode time. */
  readonly compositionOffset: number;
  readonly isKeyframe: boolean;
  /** Of an edited track: decoded and not shown. */
  readonly isDiscarded?: boolean;
  next(): boolean | Promise<boolean>;
}

/** One that knows how long a packet lasts, in units of the track. */
export interface TimedCursor extends TrackCursor {
  readonly duration: number;
}

/** A track among others: its next packet waits for its turn. */
export interface Lane<Cursor extends TrackCursor = TrackCursor> {
  readonly cursor: Cursor;
  /** `stream[0]` */
  readonly path: string;
  /** Added to decode and presentation times: the edit list. */
  readonly shift: number;
  /** Taken off decode times, so that none is later than its presentation time. */
  readonly dtsLead: number;
  /** Decode time of the next packet. */
  seconds: number;
}

/** Notes the decode time of the packet that the lane's cursor stands on. */
export function tellTime(lane: Lane): void {
  const { cursor, shift, dtsLead } = lane;
  lane.seconds = (cursor.dts + shift - dtsLead) / cursor.track.timeScale;
}

/**
 * Whose turn it is, as in FFmpeg's demuxer: that of the first packet in the file, unless it is more than a second
 * ahead of another one. The order only depends on the tables.
 */
export function choose<L extends Lane>(lanes: readonly L[]): L {
  let best = lanes[0]!;
  for (let i = 1; i < lanes.length; i++) {
    const lane = lanes[i]!;
    const isClose = Math.abs(best.seconds - lane.seconds) <= MAX_INTERLEAVE_SECONDS;
    if (isClose ? lane.cursor.offset < best.cursor.offset : lane.seconds < best.seconds) best = lane;
  }
  return best;
}

/** The packet that the lane's cursor stands on, as a sample record. One that the input ends before is refused. */
export function emitPacket({ cursor, path, shift, dtsLead }: Lane, reader: BlockReader, out: Recorder): void {
  const { track, index, offset, lengthBytes } = cursor;
  if (offset + lengthBytes > reader.sizeBytes)
    throw reader.truncated(offset, lengthBytes, 'the media data of a sample');
  const pts = cursor.dts + cursor.compositionOffset + shift;
  const times = { keyframe: cursor.isKeyframe, dts: cursor.dts + shift - dtsLead, pts };
  const value = cursor.isDiscarded ? { ...times, discard: true } : times;
  out.sample({
    path,
    index,
    time: track.timeScale > 0 ? pts / track.timeScale : undefined,
    offset,
    length: lengthBytes,
    value,
  });
}
