import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import { KiB } from '../../../units.ts';
import type { Recorder } from '../../recorder.ts';
import type { BlockReader } from '../block-reader.ts';
import type { DecodeTimes } from '../codec/decode-times.ts';
import { type Block, type BlockFrame, blockFrames, parseBlockHeader } from './block.ts';
import { type Element, readElement, unsigned } from './ebml.ts';
import * as id from './ids.ts';
import { opusMilliseconds } from './opus-duration.ts';
import type { MatroskaTrack, Segment } from './segment.ts';

/** A track number of up to 8 bytes, time, flags, the number of laced frames. */
const MAX_BLOCK_HEADER_BYTES = 12;

/** What the walk over the clusters knows. */
export interface PacketWalk {
  readonly reader: BlockReader;
  readonly tracks: ReadonlyMap<number, MatroskaTrack>;
  /** Packets so far, by stream. */
  readonly counts: number[];
  /** Decode times, by stream; `undefined` where they cannot be known. */
  readonly decodeTimes: readonly (DecodeTimes | undefined)[];
  readonly segment: Segment;
  readonly out: Recorder;
}

/**
 * Adds the packets of a block. Without a promise for what most of them are, a block of one frame whose header is at
 * hand: V8 would carry the promises of a cluster from one collection to the next.
 */
export function emitBlock(walk: PacketWalk, element: Element, clusterTime: number): void | Promise<void> {
  if (element.id !== id.SIMPLE_BLOCK) return emitLaced(walk, element, clusterTime);
  const { dataOffset, endOffset } = element;
  const dataBytes = endOffset - dataOffset;
  const head = walk.reader.view(dataOffset, Math.min(dataBytes, MAX_BLOCK_HEADER_BYTES));
  const emit = (bytes: Buffer): void | Promise<void> => {
    const header = parseBlockHeader(bytes);
    if (!header) return undefined;
    if (header.lacing !== 0) return emitLaced(walk, element, clusterTime);
    const track = walk.tracks.get(header.trackNumber);
    if (!track) return undefined;
    const frame = { offset: dataOffset + header.headerBytes, lengthBytes: dataBytes - header.headerBytes };
    const pts = firstTime(walk.segment, track, header, clusterTime);
    return emitFrame(walk, track, { ...header, offset: dataOffset }, frame, pts);
  };
  return isPromise(head) ? head.then(emit) : emit(head);
}

async function emitLaced(walk: PacketWalk, element: Element, clusterTime: number): Promise<void> {
  const block = await readBlock(walk, element);
  const track = block && walk.tracks.get(block.trackNumber);
  if (!track) return;
  const times = await frameTimes(walk, track, block, clusterTime);
  for (const [i, frame] of block.frames.entries()) emitFrame(walk, track, block, frame, times[i]);
}

async function readBlock(walk: PacketWalk, element: Element): Promise<Block | undefined> {
  if (element.id === id.SIMPLE_BLOCK) return blockAt(walk, element, {});
  let block: Element | undefined;
  let isKeyframe = true;
  let duration = 0;
  for (let offset = element.dataOffset; ; ) {
    const child = await readElement(walk.reader, offset, element.endOffset);
    if (!child) break;
    if (child.id === id.BLOCK) block = child;
    else if (child.id === id.REFERENCE_BLOCK) isKeyframe = false;
    else if (child.id === id.BLOCK_DURATION)
      duration = unsigned(await walk.reader.view(child.dataOffset, Math.min(8, child.endOffset - child.dataOffset)));
    offset = child.endOffset;
  }
  return block ? blockAt(walk, block, { isKeyframe, duration }) : undefined;
}

async function blockAt(
  { reader }: PacketWalk,
  element: Element,
  group: { readonly isKeyframe?: boolean; readonly duration?: number },
): Promise<Block | undefined> {
  const dataBytes = element.endOffset - element.dataOffset;
  // the lacing of a block has at most 255 sizes of up to 8 bytes
  const head = await reader.view(element.dataOffset, Math.min(dataBytes, MAX_BLOCK_HEADER_BYTES));
  const header = parseBlockHeader(head);
  if (!header) return undefined;
  const lacing = header.lacing === 0 ? head : await reader.view(element.dataOffset, Math.min(dataBytes, 4 * KiB));
  const frames = blockFrames(lacing, header, element.dataOffset, dataBytes);
  if (!frames)
    throw new TidegateError('ERR_MALFORMED', 'Cannot read a block: its lacing does not fit', {
      offset: element.offset,
    });
  return {
    ...header,
    isKeyframe: group.isKeyframe ?? header.isKeyframe,
    frames,
    offset: element.dataOffset,
    duration: group.duration ?? 0,
  };
}

/** One sample record for a frame. Only the first of a lace has a time of its own (RFC 9559 10.3). */
function emitFrame(
  { counts, decodeTimes, segment, out }: PacketWalk,
  { streamIndex, isVideo }: MatroskaTrack,
  block: Pick<Block, 'isKeyframe' | 'offset'>,
  { offset, lengthBytes: length }: BlockFrame,
  frameTime: number | undefined,
): void {
  const pts = frameTime ?? null;
  const keyframe = block.isKeyframe || !isVideo;
  // Matroska stores no decode times: they follow from the order of the pictures, where the codec tells its depth
  const dts = (pts === null ? undefined : decodeTimes[streamIndex]?.next(pts)) ?? null;
  const value = { keyframe, dts, pts, blockOffset: block.offset };
  const index = counts[streamIndex]!++;
  const time = pts === null ? undefined : (pts * segment.timestampScale) / 1e9;
  out.sample({ path: `stream[${streamIndex}]`, index, time, offset, length, value });
}

function firstTime(segment: Segment, track: MatroskaTrack, block: Pick<Block, 'time'>, clusterTime: number): number {
  return clusterTime + block.time - Math.round(track.codecDelay / segment.timestampScale);
}

/** A lace's further times: by the block's duration, that of the track's frames, or what the packets of Opus tell. */
async function frameTimes(
  { reader, segment }: PacketWalk,
  track: MatroskaTrack,
  block: Block,
  clusterTime: number,
): Promise<(number | undefined)[]> {
  const scale = segment.timestampScale;
  const first = firstTime(segment, track, block, clusterTime);
  const count = block.frames.length;
  if (count === 1) return [first];
  const duration = block.duration || Math.floor((track.frameNanoseconds * count) / scale);
  if (duration > 0) return block.frames.map((_, i) => first + Math.floor((duration * i) / count));
  const times: (number | undefined)[] = [first];
  for (const { offset } of block.frames.slice(0, -1)) {
    const milliseconds = track.isOpus ? opusMilliseconds(await reader.view(offset, 2)) : undefined;
    const last = times.at(-1);
    times.push(
      milliseconds === undefined || last === undefined ? undefined : last + Math.round((milliseconds * 1e6) / scale),
    );
  }
  return times;
}
