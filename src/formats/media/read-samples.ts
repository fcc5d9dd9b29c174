import { TidegateError } from '../../errors.ts';
import type { Recorder } from '../recorder.ts';
import type { Packet, ProbeContext } from './container.ts';
import { emitPackets } from './emit-packets.ts';
import { ffmpegAudioFrames } from './ffmpeg/audio-frames.ts';
import { ffmpegPackets } from './ffmpeg/packets.ts';
import { ffmpegOptions } from './ffmpeg/run.ts';
import { ffmpegVideoFrames } from './ffmpeg/video-frames.ts';
import { matroskaPackets } from './matroska/packets.ts';
import { mp4Packets } from './mp4/packets.ts';
import type { FfmpegOptions } from './options.ts';
import { readPcmFrames } from './pcm/read-frames.ts';
import type { Probed } from './probe.ts';
import type { MediaRequest } from './read-media.ts';

/** The sample records that were asked for: packets, then stretches of sound, then pictures. */
export async function* readSamples(
  context: ProbeContext,
  probed: Probed,
  out: Recorder,
  request: MediaRequest,
): AsyncGenerator<void> {
  const ffmpeg = ffmpegOptions(request);
  if (request.packets) yield* emitPackets(packetsOf(context, probed, ffmpeg), out);
  if (request.soundFrames && probed.pcm) yield* readPcmFrames(context, probed.pcm, request.soundFrames, out);
  else if (request.soundFrames) {
    yield* ffmpegAudioFrames(context, request.soundFrames, ffmpeg ?? refuse('the sound', context, 'audio'), out);
  }
  if (request.pictures) {
    yield* ffmpegVideoFrames(context, request.pictures, ffmpeg ?? refuse('the pictures', context, 'video'), out);
  }
}

function packetsOf(context: ProbeContext, probed: Probed, ffmpeg: FfmpegOptions | undefined): AsyncGenerator<Packet[]> {
  if (probed.movie) return mp4Packets(context, probed.movie);
  if (probed.segment) return matroskaPackets(context, probed.segment);
  return ffmpegPackets(context, ffmpeg ?? refuse('the packets', context, 'video'));
}

function refuse(what: string, { draft }: ProbeContext, type: 'audio' | 'video'): never {
  const codec = draft.streams.find((stream) => stream.type === type)?.codec ?? 'no codec known';
  const message = `Cannot read ${what} of ${draft.container} (${codec}) without ffmpeg: pass the option ffmpeg`;
  throw new TidegateError('ERR_UNSUPPORTED', message, { codec, container: draft.container });
}
