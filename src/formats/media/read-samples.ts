import { TidegateError } from '../../errors.ts';
import type { Recorder } from '../recorder.ts';
import type { ProbeContext } from './container.ts';
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
  if (request.soundFrames) {
    if (!probed.pcm) throw needsFfmpeg('the sound', context.draft.streams[0]?.codec);
    yield* readPcmFrames(context, probed.pcm, request.soundFrames, out);
  }
}

function needsFfmpeg(what: string, codec: string | undefined): TidegateError {
  const message = `Cannot decode ${what} (${codec ?? 'unknown codec'}) without ffmpeg: pass the option ffmpeg`;
  return new TidegateError('ERR_UNSUPPORTED', message, { codec });
}
