import { KiB } from '../../../units.ts';
import type { Recorder } from '../../recorder.ts';
import type { ProbeContext } from '../container.ts';
import type { AudioFrameOptions, FfmpegOptions } from '../options.ts';
import { monoDecoder } from '../pcm/mono-decoder.ts';
import { SoundWindows } from '../pcm/sound-windows.ts';
import { windowSample } from '../pcm/window-sample.ts';
import { complaint, startFfmpeg } from './run.ts';
import { WaveHead } from './wave-head.ts';

/** Values of one decoded block: larger ones make fewer writes and reads. */
const BLOCK_SAMPLES = 16_384;
const MAX_ERRORS = 8;

/** One sample record per stretch of the first stream of sound, decoded by ffmpeg to 32-bit float. */
export async function* ffmpegAudioFrames(
  { reader, draft, options }: ProbeContext,
  frames: AudioFrameOptions,
  ffmpeg: FfmpegOptions,
  out: Recorder,
): AsyncGenerator<void> {
  const errors: string[] = [];
  const run = {
    logLevel: 'error',
    audioFilters: [`asetnsamples=n=${BLOCK_SAMPLES}:p=0`],
    outputOptions: () => [
      ...['-map', '0:a:0', '-map_metadata', '-1', '-c:a', 'pcm_f32le', '-bitexact', '-flush_packets', '0', '-f', 'wav'],
    ],
    onLine: (line: string): void => {
      if (line.trim() !== '' && errors.length < MAX_ERRORS) errors.push(line.trim());
    },
  };
  const path = `stream[${Math.max(
    0,
    draft.streams.findIndex(({ type }) => type === 'audio'),
  )}]`;
  const child = await startFfmpeg(reader.input, run, ffmpeg, options.signal);
  const windows = new SoundWindows(frames);
  const head = new WaveHead();
  let decode: ReturnType<typeof monoDecoder> | undefined;
  let mono = new Float64Array(0);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of child.chunks()) {
    const sound = head.push(chunk);
    if (!sound || !head.format) continue;
    const frameBytes = 4 * head.format.channels;
    decode ??= monoDecoder('f32le', head.format.channels);
    const bytes = rest.length === 0 ? sound : Buffer.concat([rest, sound]);
    if (mono.length * frameBytes < bytes.length)
      mono = new Float64Array(Math.ceil(Math.max(bytes.length, 64 * KiB) / frameBytes));
    const count = decode(bytes, mono);
    rest = Buffer.from(bytes.subarray(count * frameBytes));
    for (const window of windows.push(mono, count)) {
      out.sample(windowSample(path, window, head.format.sampleRate));
      if (out.isFull) yield;
    }
  }
  for (const window of windows.end()) {
    out.sample(windowSample(path, window, head.format?.sampleRate ?? 1));
    if (out.isFull) yield;
  }
  const issue = complaint(errors);
  if (issue) out.issue(issue);
}
