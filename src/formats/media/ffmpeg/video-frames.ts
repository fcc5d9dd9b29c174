import { TidegateError } from '../../../errors.ts';
import { positiveInteger, positiveNumber } from '../../../options.ts';
import type { Json } from '../../../records.ts';
import type { Recorder } from '../../recorder.ts';
import type { ProbeContext } from '../container.ts';
import type { FfmpegOptions, VideoFrameOptions } from '../options.ts';
import { PictureSplitter } from './picture-splitter.ts';
import { complaint, type FfmpegRun, startFfmpeg } from './run.ts';
import { ShowInfo } from './show-info.ts';
import { streamPath } from './stream-path.ts';

/** The picture that the luma is measured on: small, and each of its values the mean of an area. */
const LUMA_WIDTH = 64;
const LUMA_HEIGHT = 36;

/**
 * One sample record per sampled picture of the first video stream, decoded and scaled by ffmpeg: index, time and
 * `{ keyframe, type, luma }`; `luma` is the mean brightness, 0 to 255, full range.
 * With `every`, the index is the picture's number in presentation order; else that of the sample.
 */
export async function* ffmpegVideoFrames(
  { reader, draft, options }: ProbeContext,
  frames: VideoFrameOptions,
  ffmpeg: FfmpegOptions,
  out: Recorder,
): AsyncGenerator<void> {
  const info = new ShowInfo();
  const path = streamPath(draft, 'video');
  const child = await startFfmpeg(reader.input, pictureRun(frames, info), ffmpeg, options.signal);
  const splitter = new PictureSplitter();
  let count = 0;
  for await (const chunk of child.chunks()) {
    for (const picture of splitter.push(chunk)) {
      const about = await info.take(count);
      const value: Record<string, Json> = {
        keyframe: about.isKeyframe,
        type: about.type,
        luma: picture.luma ?? about.mean ?? null,
      };
      if (frames.thumbnail) value.thumbnail = picture.thumbnail;
      out.sample({ path, index: count * (frames.every ?? 1), time: about.time, value });
      count++;
      if (out.isFull) yield;
    }
  }
  const issue = complaint(info.errors);
  if (issue) out.issue(issue);
}

function pictureRun(frames: VideoFrameOptions, info: ShowInfo): FfmpegRun {
  const sampling = samplingOf(frames);
  const shape = shapeOf(frames);
  return {
    logLevel: 'level+info',
    inputOptions: ['-copyts', ...sampling.inputOptions],
    videoFilters: [...sampling.filters, ...shape.filters, `showinfo=checksum=${shape.wantsMean ? 1 : 0}`],
    outputOptions: ({ hasFpsMode }) => [
      ...['-map', '0:v:0', hasFpsMode ? '-fps_mode' : '-vsync', hasFpsMode ? 'passthrough' : '0'],
      ...shape.outputOptions,
    ],
    onLine: (line) => info.push(line),
  };
}

interface Sampling {
  readonly inputOptions: readonly string[];
  readonly filters: readonly string[];
}

function samplingOf(frames: VideoFrameOptions): Sampling {
  const { every, everySeconds, keyframes } = frames;
  if ([every !== undefined, everySeconds !== undefined, keyframes === true].filter(Boolean).length !== 1) {
    const message = 'Cannot use option frames: expected exactly one of every, everySeconds and keyframes';
    throw new TidegateError('ERR_OPTION', message, { option: 'frames' });
  }
  if (every !== undefined)
    return { inputOptions: [], filters: [`select='not(mod(n,${positiveInteger('frames.every', every)}))'`] };
  if (keyframes) return { inputOptions: ['-skip_frame', 'nokey'], filters: [] };
  const seconds = positiveNumber('frames.everySeconds', everySeconds!);
  const select = `select='isnan(prev_selected_t)+gt(floor(t/${seconds}),floor(prev_selected_t/${seconds}))'`;
  return { inputOptions: [], filters: [select] };
}

interface Shape {
  readonly filters: readonly string[];
  readonly outputOptions: readonly string[];
  /** The mean comes from showinfo: a JPEG would have to be decoded for it. */
  readonly wantsMean: boolean;
}

function shapeOf({ thumbnail }: VideoFrameOptions): Shape {
  if (!thumbnail) {
    const scale = `scale=${LUMA_WIDTH}:${LUMA_HEIGHT}:flags=area`;
    return { filters: [scale, 'format=gray'], outputOptions: ['-f', 'image2pipe', '-c:v', 'pgm'], wantsMean: false };
  }
  const scale = `scale=${positiveInteger('frames.thumbnail.width', thumbnail.width)}:-2:flags=area`;
  if (thumbnail.kind === 'rgb')
    return { filters: [scale, 'format=rgb24'], outputOptions: ['-f', 'image2pipe', '-c:v', 'ppm'], wantsMean: false };
  return {
    filters: [scale, 'format=yuvj420p'],
    outputOptions: ['-f', 'mpjpeg', '-c:v', 'mjpeg', '-q:v', '4'],
    wantsMean: true,
  };
}
