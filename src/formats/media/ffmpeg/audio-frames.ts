import type { Recorder } from '../../recorder.ts';
import type { ProbeContext } from '../container.ts';
import type { AudioFrameOptions, FfmpegOptions } from '../options.ts';
import { type BlockDecoder, blockDecoder } from '../pcm/block-decoder.ts';
import type { SoundBlock } from '../pcm/sound-block.ts';
import { SoundWindows } from '../pcm/sound-windows.ts';
import { windowSample } from '../pcm/window-sample.ts';
import { complaint, type FfmpegRun, startFfmpeg } from './run.ts';
import { streamPath } from './stream-path.ts';
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
  const path = streamPath(draft, 'audio');
  const child = await startFfmpeg(reader.input, soundRun(errors), ffmpeg, options.signal);
  const windows = new SoundWindows(frames);
  const sound = new FloatSound();
  for await (const chunk of child.chunks()) {
    const block = sound.push(chunk);
    if (!block) continue;
    for (const window of windows.push(block)) {
      out.sample(windowSample(path, window, sound.sampleRate));
      if (out.isFull) yield;
    }
  }
  for (const window of windows.end()) {
    out.sample(windowSample(path, window, sound.sampleRate));
    if (out.isFull) yield;
  }
  const issue = complaint(errors);
  if (issue) out.issue(issue);
}

/** Asks ffmpeg for 32-bit floats behind a WAVE head; what it complains of is kept in `errors`. */
function soundRun(errors: string[]): FfmpegRun {
  return {
    logLevel: 'error',
    audioFilters: [`asetnsamples=n=${BLOCK_SAMPLES}:p=0`],
    outputOptions: () => [
      ...['-map', '0:a:0', '-map_metadata', '-1', '-c:a', 'pcm_f32le', '-bitexact', '-flush_packets', '0', '-f', 'wav'],
    ],
    onLine: (line) => {
      if (line.trim() !== '' && errors.length < MAX_ERRORS) errors.push(line.trim());
    },
  };
}

/** What ffmpeg writes, in whole frames. */
class FloatSound {
  readonly #head = new WaveHead();
  #decode: BlockDecoder | undefined;
  #rest: Buffer = Buffer.alloc(0);

  get sampleRate(): number {
    return this.#head.format?.sampleRate ?? 1;
  }

  /** The whole frames of what has come so far. */
  push(chunk: Buffer): SoundBlock | undefined {
    const sound = this.#head.push(chunk);
    if (!sound || !this.#head.format) return undefined;
    const { channels } = this.#head.format;
    this.#decode ??= blockDecoder('f32le', channels);
    const bytes = this.#rest.length === 0 ? sound : Buffer.concat([this.#rest, sound]);
    const block = this.#decode(bytes);
    this.#rest = Buffer.from(bytes.subarray(block.count * 4 * channels));
    return block;
  }
}
