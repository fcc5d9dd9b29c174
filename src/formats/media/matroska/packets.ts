import { isPromise } from '../../../bytes/input.ts';
import type { Recorder } from '../../recorder.ts';
import { DecodeTimes } from '../codec/decode-times.ts';
import type { ProbeContext } from '../container.ts';
import { emitBlock, type PacketWalk } from './block-packets.ts';
import { type Element, nextElement, readElement, unsigned } from './ebml.ts';
import * as id from './ids.ts';
import type { MatroskaTrack, Segment } from './segment.ts';

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
  const walk: PacketWalk = { reader, tracks, counts, decodeTimes, segment, out };
  for (let offset = segment.firstClusterOffset; ; ) {
    const element = await readElement(reader, offset, segment.endOffset);
    if (!element) return;
    if (element.id === id.CLUSTER) {
      const cluster = clusterPackets(walk, element);
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
async function* clusterPackets(walk: PacketWalk, cluster: Element): AsyncGenerator<void, number> {
  let time = 0;
  let offset = cluster.dataOffset;
  for (;;) {
    const read = nextElement(walk.reader, offset, cluster.endOffset);
    const element = isPromise(read) ? await read : read;
    // RFC 8794 6.2: a cluster of unknown size ends where an element comes that cannot be in it
    if (!element || (cluster.isUnknownSize && id.SEGMENT_CHILDREN.has(element.id))) break;
    const isBlock = element.id === id.SIMPLE_BLOCK || element.id === id.BLOCK_GROUP;
    if (element.id === id.TIMESTAMP)
      time = unsigned(await walk.reader.view(element.dataOffset, Math.min(8, element.endOffset - element.dataOffset)));
    else if (isBlock) {
      const emitted = emitBlock(walk, element, time);
      if (isPromise(emitted)) await emitted;
    }
    if (isBlock && element.missingBytes > 0) {
      throw walk.reader.truncated(element.offset, element.endOffset - element.offset + element.missingBytes, 'a block');
    }
    offset = element.endOffset;
    if (walk.out.isFull) yield;
  }
  return offset;
}
