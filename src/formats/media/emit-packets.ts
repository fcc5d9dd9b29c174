import type { Recorder } from '../recorder.ts';
import type { Packet } from './container.ts';

/** One sample record per packet: index, time, offset and length, and the times as the container counts them. */
export async function* emitPackets(packets: AsyncIterable<readonly Packet[]>, out: Recorder): AsyncGenerator<void> {
  const paths: string[] = [];
  for await (const some of packets) {
    for (const { streamIndex, index, pts, dts, offset, lengthBytes, isKeyframe, timeScale, blockOffset } of some) {
      const path = (paths[streamIndex] ??= `stream[${streamIndex}]`);
      const time = pts === undefined || timeScale === 0 ? undefined : pts / timeScale;
      const times = { keyframe: isKeyframe, dts: dts ?? null, pts: pts ?? null };
      const value = blockOffset === undefined ? times : { ...times, blockOffset };
      out.sample({ path, index, time, offset, length: lengthBytes, value });
      if (out.isFull) yield;
    }
  }
}
