import { TidegateError } from '../../../errors.ts';
import type { Json } from '../../../records.ts';
import { MiB } from '../../../units.ts';
import type { ProbeContext } from '../container.ts';
import type { StreamFacts, StreamType } from '../draft.ts';
import type { FfmpegOptions } from '../options.ts';
import { cleanText } from '../tags/tag-value.ts';
import { DEMUXERS } from './demuxers.ts';
import { locateFfprobe } from './locate.ts';
import { MediaProcess } from './media-process.ts';
import { ffmpegSource } from './source.ts';

const MAX_ANSWER_BYTES: number = 8 * MiB;
const TYPES: ReadonlySet<string> = new Set(['audio', 'video', 'subtitle', 'data', 'attachment']);

interface Answer {
  readonly format?: {
    readonly duration?: string;
    readonly bit_rate?: string;
    readonly format_name?: string;
    readonly tags?: Record<string, string>;
  };
  readonly streams?: readonly ProbeStream[];
  readonly chapters?: readonly {
    readonly start_time: string;
    readonly end_time: string;
    readonly tags?: Record<string, string>;
  }[];
}

interface ProbeStream {
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly width?: number;
  readonly height?: number;
  readonly avg_frame_rate?: string;
  readonly duration?: string;
  readonly bit_rate?: string;
  readonly time_base?: string;
  readonly tags?: Record<string, string>;
  readonly disposition?: { readonly attached_pic?: number };
}

/** Streams, chapters and duration by ffprobe, run by our own supervisor: for containers without a reader of our own. */
export async function probeWithFfmpeg({ reader, draft, options }: ProbeContext, ffmpeg: FfmpegOptions): Promise<void> {
  const answer = await ask(reader.input, ffmpeg, options.signal);
  draft.container = (answer.format?.format_name ?? 'unknown').split(',')[0]!;
  const seconds = Number(answer.format?.duration);
  if (seconds > 0) draft.durationSeconds = seconds;
  const bitRate = Number(answer.format?.bit_rate);
  if (bitRate > 0) draft.bitRate = bitRate;
  for (const stream of answer.streams ?? [])
    if (!stream.disposition?.attached_pic) draft.streams.push(streamFacts(stream));
  for (const { start_time, end_time, tags } of answer.chapters ?? []) {
    draft.chapters.push({ startSeconds: Number(start_time), endSeconds: Number(end_time), title: tags?.title });
  }
  for (const [name, value] of Object.entries(answer.format?.tags ?? {}))
    draft.tags.push([cleanText(name), cleanText(String(value))]);
}

async function ask(
  input: ProbeContext['reader']['input'],
  ffmpeg: FfmpegOptions,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { path } = await locateFfprobe(ffmpeg, signal);
  const { url, feed } = ffmpegSource(input);
  const guards = ['-v', 'error', '-protocol_whitelist', 'file,pipe', '-format_whitelist', DEMUXERS];
  const args = [...guards, '-of', 'json', '-show_format', '-show_streams', '-show_chapters', '-i', url];
  const { timeoutMs, idleTimeoutMs, budget, onRssBytes } = ffmpeg;
  const child = new MediaProcess({ path, args, signal, timeoutMs, idleTimeoutMs, feed, budget, onRssBytes });
  const parts: Buffer[] = [];
  let lengthBytes = 0;
  for await (const chunk of child.chunks()) {
    lengthBytes += chunk.length;
    if (lengthBytes > MAX_ANSWER_BYTES)
      throw new TidegateError('ERR_LIMIT', `Cannot take more than ${MAX_ANSWER_BYTES} bytes from ffprobe`);
    parts.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as Answer;
  } catch (cause) {
    throw new TidegateError('ERR_CHILD_PROCESS', 'Cannot read the answer of ffprobe: it is no JSON', { cause });
  }
}

function streamFacts(stream: ProbeStream): StreamFacts {
  const number = (text: string | undefined): number | undefined => (Number(text) > 0 ? Number(text) : undefined);
  const [numerator, denominator] = (stream.avg_frame_rate ?? '0/0').split('/').map(Number);
  const isVideo = stream.codec_type === 'video';
  const attributes: Record<string, Json | undefined> = {
    sampleRate: number(stream.sample_rate),
    channels: stream.channels || undefined,
    width: isVideo ? stream.width : undefined,
    height: isVideo ? stream.height : undefined,
    frameRate: isVideo && numerator && denominator ? numerator / denominator : undefined,
    duration: number(stream.duration),
    bitRate: number(stream.bit_rate),
    language: stream.tags?.language,
    timeScale: number(stream.time_base?.split('/')[1]),
  };
  const type = TYPES.has(stream.codec_type ?? '') ? (stream.codec_type as StreamType) : 'data';
  return { type, codec: stream.codec_name, attributes };
}
