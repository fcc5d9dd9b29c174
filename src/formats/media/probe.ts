import { TidegateError } from '../../errors.ts';
import type { BlockReader } from './block-reader.ts';
import type { ProbeContext } from './container.ts';
import { id3End } from './containers/id3.ts';
import { probeLibrary } from './containers/library.ts';
import { probeAsf } from './containers/probe-asf.ts';
import { probeAvi } from './containers/probe-avi.ts';
import { probeFlac } from './containers/probe-flac.ts';
import { probeMpegAudio } from './containers/probe-mpeg-audio.ts';
import { probeOgg } from './containers/probe-ogg.ts';
import { probeWithFfmpeg } from './ffmpeg/probe-ffmpeg.ts';
import { ffmpegOptions } from './ffmpeg/run.ts';
import { probeMatroska } from './matroska/probe-matroska.ts';
import type { Segment } from './matroska/segment.ts';
import type { Movie } from './mp4/movie.ts';
import { probeMp4 } from './mp4/probe-mp4.ts';
import type { PcmLayout } from './pcm/layout.ts';
import { probeAiff } from './pcm/probe-aiff.ts';
import { probeWave } from './pcm/probe-wave.ts';
import { type ContainerName, signatureOf } from './signature.ts';

/** What a probe leaves for those who read packets or frames. */
export interface Probed {
  readonly container: ContainerName;
  readonly movie?: Movie | undefined;
  readonly segment?: Segment | undefined;
  readonly pcm?: PcmLayout | undefined;
}

/** Finds out by content which container it is, and reads its header into the draft. */
export async function probe(context: ProbeContext): Promise<Probed> {
  const { reader } = context;
  const head = Buffer.from(await reader.view(0, 4096));
  if (head.length === 0) throw reader.truncated(0, 1, 'a media file: it is empty');
  // A frame of MPEG audio may stand behind padding: it is looked for, the other containers tell at once
  const container = (await behindId3(reader, head)) ?? signatureOf(head)?.container ?? 'mpegaudio';
  switch (container) {
    case 'mp4':
      return { container, movie: await probeMp4(context) };
    case 'matroska':
      return { container, segment: await probeMatroska(context) };
    case 'wave':
      return { container, pcm: await probeWave(context) };
    case 'aiff':
      return { container, pcm: await probeAiff(context) };
    case 'ogg':
      await probeOgg(context);
      return { container };
    case 'asf':
      await probeAsf(context);
      return { container };
    case 'avi':
      await probeAvi(context);
      return { container };
    case 'flac':
      await probeFlac(context);
      return { container };
    case 'mpegaudio':
      await probeMpegAudio(context);
      return { container };
    case 'flv':
    case 'mpegts':
    case 'mpegps':
      await probeForeign(context, container);
      return { container };
    default:
      await probeLibrary(context, container);
      return { container };
  }
}

/** A tag may stand before FLAC, APE and others, and may be longer than the first bytes. */
async function behindId3(reader: BlockReader, head: Buffer): Promise<ContainerName | undefined> {
  if (head.toString('latin1', 0, 3) !== 'ID3') return undefined;
  const offset = await id3End(reader);
  return signatureOf(Buffer.from(await reader.view(offset, 64)))?.container;
}

async function probeForeign(context: ProbeContext, container: ContainerName): Promise<void> {
  const ffmpeg = ffmpegOptions(context.options);
  if (!ffmpeg) {
    const message = `Cannot read ${container} without ffmpeg: pass the option ffmpeg`;
    throw new TidegateError('ERR_UNSUPPORTED', message, { container });
  }
  await probeWithFfmpeg(context, ffmpeg);
}
