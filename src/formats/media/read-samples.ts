import { TidegateError } from '../../errors.ts';
import type { Recorder } from '../recorder.ts';
import type { Packet, ProbeContext } from './container.ts';
import { emitPackets } from './emit-packets.ts';
import { matroskaPackets } from './matroska/packets.ts';
import { mp4Packets } from './mp4/packets.ts';
import { readPcmFrames } from './pcm/read-frames.ts';
import type { Probed } from './probe.ts';
import type { MediaRequest } from './read-media.ts';

/** The sample records that were asked for: packets, then frames. */
export async function* readSamples(
  context: ProbeContext,
  probed: Probed,
  out: Recorder,
  request: MediaRequest,
): AsyncGenerator<void> {
  if (request.packets) {
    const packets = packetsOf(context, probed);
    if (!packets) throw needsFfmpeg('the packets', probed.container);
    yield* emitPackets(packets, out);
  }
  if (request.soundFrames) {
    if (!probed.pcm) throw needsFfmpeg('the sound', context.draft.streams[0]?.codec);
    yield* readPcmFrames(context, probed.pcm, request.soundFrames, out);
  }
}

/** The native packet walker of a container, if it has one. */
function packetsOf(context: ProbeContext, { movie, segment }: Probed): AsyncGenerator<Packet[]> | undefined {
  if (movie) return mp4Packets(context, movie);
  return segment ? matroskaPackets(context, segment) : undefined;
}

function needsFfmpeg(what: string, codec: string | undefined): TidegateError {
  const message = `Cannot read ${what} (${codec ?? 'unknown codec'}) without ffmpeg: pass the option ffmpeg`;
  return new TidegateError('ERR_UNSUPPORTED', message, { codec });
}
