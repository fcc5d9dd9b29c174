import type { Recorder, SampleBody } from '../../recorder.ts';
import type { ProbeContext } from '../container.ts';
import type { FfmpegOptions } from '../options.ts';
import { DEMUXERS } from './demuxers.ts';
import { locateFfprobe } from './locate.ts';
import { MediaProcess } from './media-process.ts';
import { ffmpegSource } from './source.ts';

const ENTRIES = 'packet=stream_index,pts,dts,size,pos,flags';

/** Packets by ffprobe, line by line: for containers without a walker of our own. */
export async function* ffmpegPackets(
  { reader, draft, options }: ProbeContext,
  ffmpeg: FfmpegOptions,
  out: Recorder,
): AsyncGenerator<void> {
  const { path } = await locateFfprobe(ffmpeg, options.signal);
  const { url, feed } = ffmpegSource(reader.input);
  const guards = ['-v', 'error', '-protocol_whitelist', 'file,pipe', '-format_whitelist', DEMUXERS];
  const args = [...guards, '-of', 'csv=p=0', '-show_entries', ENTRIES, '-i', url];
  const { timeoutMs, idleTimeoutMs, budget, onRssBytes } = ffmpeg;
  const { signal } = options;
  const child = new MediaProcess({ path, args, signal, timeoutMs, idleTimeoutMs, feed, budget, onRssBytes });
  const counts: number[] = [];
  const timeScales = draft.streams.map(({ attributes }) => Number(attributes.timeScale ?? 0));
  let rest = '';
  for await (const chunk of child.chunks()) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const packet = packetOf(line, counts, timeScales);
      if (packet) out.sample(packet);
      if (out.isFull) yield;
    }
  }
}

/** `0,3003,0,1024,564,K_`; `N/A` where nothing is known, side data behind. */
function packetOf(line: string, counts: number[], timeScales: readonly number[]): SampleBody | undefined {
  const [stream, ptsText, dtsText, size, position, flags] = line.split(',');
  if (flags === undefined) return undefined;
  const number = (text: string | undefined): number | null =>
    text === undefined || text === 'N/A' ? null : Number(text);
  const streamIndex = Number(stream);
  const index = counts[streamIndex] ?? 0;
  counts[streamIndex] = index + 1;
  const pts = number(ptsText);
  const timeScale = timeScales[streamIndex] ?? 0;
  const time = pts === null || timeScale === 0 ? undefined : pts / timeScale;
  const value = { keyframe: flags.startsWith('K'), dts: number(dtsText), pts };
  return {
    path: `stream[${streamIndex}]`,
    index,
    time,
    offset: number(position) ?? undefined,
    length: Number(size),
    value,
  };
}
