import { TidegateError } from '../../errors.ts';
import type { BlockReader } from './block-reader.ts';
import type { ProbeContext } from './container.ts';
import { id3End } from './containers/id3.ts';
import type { Segment } from './matroska/segment.ts';
import type { Movie } from './mp4/movie.ts';
import { once } from './once.ts';
import type { PcmLayout } from './pcm/layout.ts';
import { type ContainerName, FOREIGN_CONTAINERS, signatureOf } from './signature.ts';

/** What a probe leaves for those who read packets or frames. */
export interface Probed {
  readonly container: ContainerName;
  readonly movie?: Movie | undefined;
  readonly segment?: Segment | undefined;
  readonly pcm?: PcmLayout | undefined;
}

/** Fills the draft; answers what packets and frames need, if anything. */
type Probe = (context: ProbeContext) => Promise<unknown>;

/** Each container's reader is loaded when a file of it comes: together they would take 6 MiB. */
const PROBES: Readonly<Partial<Record<ContainerName, () => Probe | Promise<Probe>>>> = {
  mp4: once(async () => {
    const { probeMp4 } = await import('./mp4/probe-mp4.ts');
    return async (context) => ({ movie: await probeMp4(context) });
  }),
  matroska: once(async () => {
    const { probeMatroska } = await import('./matroska/probe-matroska.ts');
    return async (context) => ({ segment: await probeMatroska(context) });
  }),
  wave: once(async () => {
    const { probeWave } = await import('./pcm/probe-wave.ts');
    return async (context) => ({ pcm: await probeWave(context) });
  }),
  aiff: once(async () => {
    const { probeAiff } = await import('./pcm/probe-aiff.ts');
    return async (context) => ({ pcm: await probeAiff(context) });
  }),
  ogg: once(async () => (await import('./containers/probe-ogg.ts')).probeOgg),
  asf: once(async () => (await import('./containers/probe-asf.ts')).probeAsf),
  avi: once(async () => (await import('./containers/probe-avi.ts')).probeAvi),
  flac: once(async () => (await import('./containers/probe-flac.ts')).probeFlac),
  mpegaudio: once(async () => (await import('./containers/probe-mpeg-audio.ts')).probeMpegAudio),
};
const FOREIGN: ReadonlySet<ContainerName> = new Set(FOREIGN_CONTAINERS);
const library = once(() => import('./containers/library.ts'));

/** Finds out by content which container it is, and reads its header into the draft. */
export async function probe(context: ProbeContext): Promise<Probed> {
  const { reader } = context;
  const head = Buffer.from(await reader.view(0, 4096));
  if (head.length === 0) throw reader.truncated(0, 1, 'a media file: it is empty');
  // A frame of MPEG audio may stand behind padding: it is looked for, the other containers tell at once
  const container = (await behindId3(reader, head)) ?? signatureOf(head)?.container ?? 'mpegaudio';
  const run = await probeOf(container);
  return { container, ...((await run(context)) as Omit<Probed, 'container'> | undefined) };
}

async function probeOf(container: ContainerName): Promise<Probe> {
  if (FOREIGN.has(container)) return foreign(container);
  const own = PROBES[container]?.();
  if (own) return own;
  const { probeLibrary } = await library();
  return (context) => probeLibrary(context, container);
}

/** A container without a reader of our own. */
function foreign(container: ContainerName): Probe {
  return async (context) => {
    const { ffmpeg } = context.options;
    if (!ffmpeg) {
      const message = `Cannot read ${container} without ffmpeg: pass the option ffmpeg (--ffmpeg)`;
      throw new TidegateError('ERR_UNSUPPORTED', message, { container });
    }
    const { probeWithFfmpeg } = await import('./ffmpeg/probe-ffmpeg.ts');
    await probeWithFfmpeg(context, ffmpeg === true ? {} : ffmpeg);
  };
}

/** A tag may stand before FLAC, APE and others, and may be longer than the first bytes. */
async function behindId3(reader: BlockReader, head: Buffer): Promise<ContainerName | undefined> {
  if (head.toString('latin1', 0, 3) !== 'ID3') return undefined;
  const offset = await id3End(reader);
  return signatureOf(Buffer.from(await reader.view(offset, 64)))?.container;
}
