import { TidegateError } from '../../errors.ts';
import type { Recorder } from '../recorder.ts';
import type { ProbeContext } from './container.ts';
import type { MediaRequest } from './media-request.ts';
import type { FfmpegOptions } from './options.ts';
import type { Probed } from './probe.ts';

/** The sample records that were asked for: packets, then stretches of sound, then pictures. */
export async function* readSamples(
  context: ProbeContext,
  probed: Probed,
  out: Recorder,
  request: MediaRequest,
): AsyncGenerator<void> {
  const ffmpeg = request.ffmpeg === true ? {} : request.ffmpeg || undefined;
  if (request.packets) yield* await packetsOf(context, probed, ffmpeg, out);
  if (request.soundFrames && probed.pcm) {
    const { readPcmFrames } = await import('./pcm/read-frames.ts');
    yield* readPcmFrames(context, probed.pcm, request.soundFrames, out);
  } else if (request.soundFrames) {
    const allowed = ffmpeg ?? refuse('the sound', context, 'audio');
    const { ffmpegAudioFrames } = await import('./ffmpeg/audio-frames.ts');
    yield* ffmpegAudioFrames(context, request.soundFrames, allowed, out);
  }
  if (request.pictures) {
    const allowed = ffmpeg ?? refuse('the pictures', context, 'video');
    const { ffmpegVideoFrames } = await import('./ffmpeg/video-frames.ts');
    yield* ffmpegVideoFrames(context, request.pictures, allowed, out);
  }
}

async function packetsOf(
  context: ProbeContext,
  probed: Probed,
  ffmpeg: FfmpegOptions | undefined,
  out: Recorder,
): Promise<AsyncGenerator<void>> {
  if (probed.movie) return (await import('./mp4/packets.ts')).mp4Packets(context, probed.movie, out);
  if (probed.segment) return (await import('./matroska/packets.ts')).matroskaPackets(context, probed.segment, out);
  const allowed = ffmpeg ?? refuse('the packets', context, 'video');
  return (await import('./ffmpeg/packets.ts')).ffmpegPackets(context, allowed, out);
}

function refuse(what: string, { draft }: ProbeContext, type: 'audio' | 'video'): never {
  const codec = draft.streams.find((stream) => stream.type === type)?.codec ?? 'no codec known';
  const message = `Cannot read ${what} of ${draft.container} (${codec}) without ffmpeg: pass the option ffmpeg`;
  throw new TidegateError('ERR_UNSUPPORTED', message, { codec, container: draft.container });
}
