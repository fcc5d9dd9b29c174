import type { BlockReader } from './block-reader.ts';
import { type ContainerName, signatureOf } from './signature.ts';

const SUBTYPES: Readonly<Record<ContainerName, readonly [audio: string, video: string]>> = {
  mp4: ['audio/mp4', 'video/mp4'],
  matroska: ['audio/matroska', 'video/matroska'],
  wave: ['audio/wav', 'audio/wav'],
  aiff: ['audio/aiff', 'audio/aiff'],
  ogg: ['audio/ogg', 'video/ogg'],
  asf: ['audio/x-ms-wma', 'video/x-ms-wmv'],
  avi: ['video/x-msvideo', 'video/x-msvideo'],
  mpegaudio: ['audio/mpeg', 'audio/mpeg'],
  flac: ['audio/flac', 'audio/flac'],
  ape: ['audio/x-ape', 'audio/x-ape'],
  wv: ['audio/wavpack', 'audio/wavpack'],
  mpc: ['audio/musepack', 'audio/musepack'],
  mpc8: ['audio/musepack', 'audio/musepack'],
  dsf: ['audio/dsf', 'audio/dsf'],
  dff: ['audio/x-dff', 'audio/x-dff'],
  flv: ['video/x-flv', 'video/x-flv'],
  mpegts: ['video/mp2t', 'video/mp2t'],
  mpegps: ['video/mpeg', 'video/mpeg'],
  mxf: ['application/mxf', 'application/mxf'],
  nut: ['audio/x-nut', 'video/x-nut'],
  rm: ['application/vnd.rn-realmedia', 'application/vnd.rn-realmedia'],
  ivf: ['video/x-ivf', 'video/x-ivf'],
  au: ['audio/basic', 'audio/basic'],
  caf: ['audio/x-caf', 'audio/x-caf'],
  tta: ['audio/x-tta', 'audio/x-tta'],
  tak: ['audio/x-tak', 'audio/x-tak'],
  voc: ['audio/x-voc', 'audio/x-voc'],
  amr: ['audio/amr', 'audio/amr'],
  ac3: ['audio/ac3', 'audio/ac3'],
};

/** The media type of the `file` record, by the first bytes; the format's general one where they cannot be read. */
export async function mediaTypeOf(
  reader: BlockReader,
  name: 'audio' | 'video',
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    const head = await reader.view(0, 4096);
    const found = signatureOf(head);
    const isQuickTime = found?.container === 'mp4' && head.toString('latin1', 8, 12) === 'qt  ';
    if (isQuickTime) return 'video/quicktime';
    return found ? SUBTYPES[found.container][name === 'audio' ? 0 : 1] : 'application/octet-stream';
  } catch {
    signal?.throwIfAborted();
    return 'application/octet-stream'; // the reader meets the same error and reports it
  }
}
