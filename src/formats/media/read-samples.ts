import { TidegateError } from '../../errors.ts';
import type { Recorder } from '../recorder.ts';
import type { ProbeContext } from './container.ts';
import type { Part } from './in-turn.ts';
import type { MediaRequest } from './media-request.ts';
import type { AudioFrameOptions, FfmpegOptions, VideoFrameOptions } from './options.ts';
import type { Probed } from './probe.ts';

/** The sample records that were asked for: packets, then stretches of sound, then pictures. */
export function sampleParts(
  context: ProbeContext,
  probed: Probed,
  out: Recorder,
  request: MediaRequest,
): readonly Part<void>[] {
  const ffmpeg = request.ffmpeg === true ? {} : request.ffmpeg || undefined;
  const { packets, soundFrames, pictures } = request;
  return [
    () => (packets ? packetParts(context, probed, ffmpeg, out) : undefined),
    () => (soundFrames ? soundPart(context, probed, { frames: soundFrames, ffmpeg }, out) : undefined),
    () => (pictures ? picturePart(context, { pictures, ffmpeg }, out) : undefined),
  ];
}

async function packetParts(
  context: ProbeContext,
  probed: Probed,
  ffmpeg: FfmpegOptions | undefined,
  out: Recorder,
): Promise<readonly Part<void>[]> {
  const { movie, segment } = probed;
  if (movie) return (await import('./mp4/packets.ts')).mp4Packets(context, movie, out);
  if (segment) {
    const { matroskaPackets } = await import('./matroska/packets.ts');
    return [() => matroskaPackets(context, segment, out)];
  }
  const allowed = ffmpeg ?? refuse('the packets', context, 'video');
  const { ffmpegPackets } = await import('./ffmpeg/packets.ts');
  return [() => ffmpegPackets(context, allowed, out)];
}

async function soundPart(
  context: ProbeContext,
  { pcm }: Probed,
  { frames, ffmpeg }: { readonly frames: AudioFrameOptions; readonly ffmpeg: FfmpegOptions | undefined },
  out: Recorder,
): Promise<AsyncGenerator<void>> {
  if (pcm) return (await import('./pcm/read-frames.ts')).readPcmFrames(context, pcm, frames, out);
  const allowed = ffmpeg ?? refuse('the sound', context, 'audio');
  return (await import('./ffmpeg/audio-frames.ts')).ffmpegAudioFrames(context, frames, allowed, out);
}

async function picturePart(
  context: ProbeContext,
  { pictures, ffmpeg }: { readonly pictures: VideoFrameOptions; readonly ffmpeg: FfmpegOptions | undefined },
  out: Recorder,
): Promise<AsyncGenerator<void>> {
  const allowed = ffmpeg ?? refuse('the pictures', context, 'video');
  return (await import('./ffmpeg/video-frames.ts')).ffmpegVideoFrames(context, pictures, allowed, out);
}

function refuse(what: string, { draft }: ProbeContext, type: 'audio' | 'video'): never {
  const codec = draft.streams.find((stream) => stream.type === type)?.codec ?? 'no codec known';
  const message = `Cannot read ${what} of ${draft.container} (${codec}) without ffmpeg: pass the option ffmpeg`;
  throw new TidegateError('ERR_UNSUPPORTED', message, { codec, container: draft.container });
}
