import type { Packet, ProbeContext } from '../container.ts';
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
): AsyncGenerator<Packet[]> {
  const { path } = await locateFfprobe(ffmpeg, options.signal);
  const { url, feed } = ffmpegSource(reader.input);
  const guards = ['-v', 'error', '-protocol_whitelist', 'file,pipe', '-format_whitelist', DEMUXERS];
  const args = [...guards, '-of', 'csv=p=0', '-show_entries', ENTRIES, '-i', url];
  const { timeoutMs, idleTimeoutMs } = ffmpeg;
  const child = new MediaProcess({ path, args, signal: options.signal, timeoutMs, idleTimeoutMs, feed });
  const counts: number[] = [];
  let rest = '';
  for await (const chunk of child.chunks()) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop()!;
    const packets = lines.map((line) =>
      packetOf(
        line,
        counts,
        draft.streams.map(({ attributes }) => Number(attributes.timeScale ?? 0)),
      ),
    );
    const whole = packets.filter((packet) => packet !== undefined);
    if (whole.length > 0) yield whole;
  }
}

/** `0,3003,0,1024,564,K_`; `N/A` where nothing is known, side data behind. */
function packetOf(line: string, counts: number[], timeScales: readonly number[]): Packet | undefined {
  const [stream, pts, dts, size, position, flags] = line.split(',');
  if (flags === undefined) return undefined;
  const number = (text: string | undefined): number | undefined =>
    text === undefined || text === 'N/A' ? undefined : Number(text);
  const streamIndex = Number(stream);
  const index = counts[streamIndex] ?? 0;
  counts[streamIndex] = index + 1;
  const isKeyframe = flags.startsWith('K');
  const timeScale = timeScales[streamIndex] ?? 0;
  return {
    streamIndex,
    index,
    pts: number(pts),
    dts: number(dts),
    offset: number(position),
    lengthBytes: Number(size),
    isKeyframe,
    timeScale,
  };
}
