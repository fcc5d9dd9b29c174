import { TidegateError } from '../../../errors.ts';
import { KiB } from '../../../units.ts';
import type { Recorder } from '../../recorder.ts';
import type { BlockReader } from '../block-reader.ts';
import { DecodeTimes } from '../codec/decode-times.ts';
import type { ProbeContext } from '../container.ts';
import { type Block, blockFrames, parseBlockHeader } from './block.ts';
import { type Element, readElement, unsigned } from './ebml.ts';
import * as id from './ids.ts';
import { opusMilliseconds } from './opus-duration.ts';
import type { MatroskaTrack, Segment } from './segment.ts';

interface State {
  readonly reader: BlockReader;
  readonly tracks: ReadonlyMap<number, MatroskaTrack>;
  /** Packets so far, by stream. */
  readonly counts: number[];
  /** Decode times, by stream; `undefined` where they cannot be known. */
  readonly decodeTimes: readonly (DecodeTimes | undefined)[];
  readonly segment: Segment;
  readonly out: Recorder;
}

/** All packets of a Matroska or WebM file, cluster by cluster. Only headers are read, the media between them is not. */
export async function* matroskaPackets(
  { reader }: ProbeContext,
  segment: Segment,
  out: Recorder,
): AsyncGenerator<void> {
  if (segment.firstClusterOffset < 0) return;
  const tracks = new Map(segment.tracks.map((track) => [track.number, track]));
  const counts = segment.tracks.map(() => 0);
  const decodeTimes = segment.tracks.map((track) => decodeTimesOf(track, segment.timestampScale));
  const state: State = { reader, tracks, counts, decodeTimes, segment, out };
  for (let offset = segment.firstClusterOffset; ; ) {
    const element = await readElement(reader, offset, segment.endOffset);
    if (!element) return;
    if (element.id === id.CLUSTER) {
      const cluster = clusterPackets(state, element);
      for (let next = await cluster.next(); ; next = await cluster.next()) {
        if (next.done) {
          offset = next.value;
          break;
        }
        yield;
      }
    } else {
      if (element.isUnknownSize) return;
      offset = element.endOffset;
    }
  }
}

function decodeTimesOf({ depth, frameNanoseconds, leads }: MatroskaTrack, scale: number): DecodeTimes | undefined {
  if (depth === undefined) return undefined;
  return new DecodeTimes(depth, leads && frameNanoseconds > 0 ? Math.floor(frameNanoseconds / scale) : undefined);
}

/** Packets of one cluster; answers where the next element of the segment starts. */
async function* clusterPackets(state: State, cluster: Element): AsyncGenerator<void, number> {
  let time = 0;
  let offset = cluster.dataOffset;
  for (;;) {
    const element = await readElement(state.reader, offset, cluster.endOffset);
    // RFC 8794 6.2: a cluster of unknown size ends where an element comes that cannot be in it
    if (!element || (cluster.isUnknownSize && id.SEGMENT_CHILDREN.has(element.id))) break;
    const isBlock = element.id === id.SIMPLE_BLOCK || element.id === id.BLOCK_GROUP;
    if (element.id === id.TIMESTAMP)
      time = unsigned(await state.reader.view(element.dataOffset, Math.min(8, element.endOffset - element.dataOffset)));
    else if (isBlock) {
      const block = await readBlock(state, element);
      if (block) await emitFrames(state, block, time);
    }
    if (isBlock && element.missingBytes > 0) {
      throw state.reader.truncated(
        element.offset,
        element.endOffset - element.offset + element.missingBytes,
        'a block',
      );
    }
    offset = element.endOffset;
    if (state.out.isFull) yield;
  }
  return offset;
}

async function readBlock(state: State, element: Element): Promise<Block | undefined> {
  if (element.id === id.SIMPLE_BLOCK) return blockAt(state, element, {});
  let block: Element | undefined;
  let isKeyframe = true;
  let duration = 0;
  for (let offset = element.dataOffset; ; ) {
    const child = await readElement(state.reader, offset, element.endOffset);
    if (!child) break;
    if (child.id === id.BLOCK) block = child;
    else if (child.id === id.REFERENCE_BLOCK) isKeyframe = false;
    else if (child.id === id.BLOCK_DURATION)
      duration = unsigned(await state.reader.view(child.dataOffset, Math.min(8, child.endOffset - child.dataOffset)));
    offset = child.endOffset;
  }
  return block ? blockAt(state, block, { isKeyframe, duration }) : undefined;
}

async function blockAt(
  { reader }: State,
  element: Element,
  group: { readonly isKeyframe?: boolean; readonly duration?: number },
): Promise<Block | undefined> {
  const dataBytes = element.endOffset - element.dataOffset;
  // the lacing of a block has at most 255 sizes of up to 8 bytes
  const head = await reader.view(element.dataOffset, Math.min(dataBytes, 12));
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

/** One sample record per frame of a block. Only the first of a lace has a time of its own (RFC 9559 10.3). */
async function emitFrames(state: State, block: Block, clusterTime: number): Promise<void> {
  const { tracks, counts, decodeTimes, segment, out } = state;
  const track = tracks.get(block.trackNumber);
  if (!track) return;
  const times = await frameTimes(state, track, block, clusterTime);
  const path = `stream[${track.streamIndex}]`;
  const keyframe = block.isKeyframe || !track.isVideo;
  for (const [i, { offset, lengthBytes }] of block.frames.entries()) {
    const pts = times[i] ?? null;
    const time = pts === null ? undefined : (pts * segment.timestampScale) / 1e9;
    // Matroska stores no decode times: they follow from the order of the pictures, where the codec tells its depth
    const dts = pts === null ? undefined : decodeTimes[track.streamIndex]?.next(pts);
    const value = { keyframe, dts: dts ?? null, pts, blockOffset: block.offset };
    out.sample({ path, index: counts[track.streamIndex]!++, time, offset, length: lengthBytes, value });
  }
}

/** A lace's further times: by the block's duration, that of the track's frames, or what the packets of Opus tell. */
async function frameTimes(
  { reader, segment }: State,
  track: MatroskaTrack,
  block: Block,
  clusterTime: number,
): Promise<(number | undefined)[]> {
  const scale = segment.timestampScale;
  const first = clusterTime + block.time - Math.round(track.codecDelay / scale);
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
