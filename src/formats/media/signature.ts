import { id3Bytes } from './containers/id3.ts';

/** What the first bytes of a file say it is. */
export type ContainerName =
  | 'mp4'
  | 'matroska'
  | 'wave'
  | 'aiff'
  | 'ogg'
  | 'asf'
  | 'avi'
  | 'mpegaudio'
  | 'flac'
  | 'ape'
  | 'wv'
  | 'mpc'
  | 'mpc8'
  | 'dsf'
  | 'dff'
  | 'flv'
  | 'mpegts'
  | 'mpegps';

/** A container, and how sure its signature is (1 = cannot be anything else). */
export interface Signature {
  readonly container: ContainerName;
  readonly likelihood: number;
}

const ASF_HEADER = '3026b2758e66cf11a6d900aa0062ce6c';
/** Boxes that an MP4 or QuickTime file may start with; a playlist is none of them. */
const FIRST_BOXES = new Set([
  'ftyp',
  'moov',
  'mdat',
  'free',
  'skip',
  'wide',
  'pnot',
  'styp',
  'moof',
  'sidx',
  'uuid',
  'junk',
  'PICT',
]);

/** Judges a file by its first bytes (some 4 KiB). `undefined`: no container of sound or pictures. */
export function signatureOf(head: Buffer): Signature | undefined {
  const at = (offset: number, text: string): boolean => head.toString('latin1', offset, offset + text.length) === text;
  const sure = (container: ContainerName): Signature => ({ container, likelihood: 1 });
  if ((at(0, 'RIFF') || at(0, 'RF64') || at(0, 'BW64')) && at(8, 'WAVE')) return sure('wave');
  if (at(0, 'riff') && at(24, 'wave')) return sure('wave');
  if (at(0, 'RIFF') && at(8, 'AVI ')) return sure('avi');
  if (at(0, 'FORM') && (at(8, 'AIFF') || at(8, 'AIFC'))) return sure('aiff');
  if (at(0, 'fLaC')) return sure('flac');
  if (at(0, 'OggS')) return sure('ogg');
  if (at(0, '\x1a\x45\xdf\xa3')) return sure('matroska');
  if (head.toString('hex', 0, 16) === ASF_HEADER) return sure('asf');
  if (at(0, 'MAC ')) return sure('ape');
  if (at(0, 'wvpk')) return sure('wv');
  if (at(0, 'MPCK')) return sure('mpc8');
  if (at(0, 'MP+')) return sure('mpc');
  if (at(0, 'DSD ')) return sure('dsf');
  if (at(0, 'FRM8') && at(12, 'DSD ')) return sure('dff');
  if (at(0, 'FLV\x01')) return sure('flv');
  if (at(0, '\0\0\x01\xba')) return { container: 'mpegps', likelihood: 0.9 };
  if (isTransportStream(head)) return { container: 'mpegts', likelihood: 0.9 };
  if (FIRST_BOXES.has(head.toString('latin1', 4, 8))) return { container: 'mp4', likelihood: at(4, 'ftyp') ? 1 : 0.8 };
  return audioWithoutHeader(head);
}

/** ISO/IEC 13818-1 2.4.3: a sync byte every 188 bytes (192 with a time code in front). */
function isTransportStream(head: Buffer): boolean {
  const every = (start: number, step: number): boolean => {
    if (head.length < start + 3 * step) return false;
    for (let at = start; at < head.length && at < start + 8 * step; at += step) if (head[at] !== 0x47) return false;
    return true;
  };
  return every(0, 188) || every(4, 192);
}

/** MPEG audio and ADTS start with a tag or at once with a frame; a tag may also stand before FLAC and APE. */
function audioWithoutHeader(head: Buffer): Signature | undefined {
  if (head.toString('latin1', 0, 3) === 'ID3' && head.length >= 10) {
    const end = id3Bytes(head);
    const behind = head.toString('latin1', end, end + 4);
    const tagged: Readonly<Record<string, ContainerName>> = { fLaC: 'flac', 'MAC ': 'ape', wvpk: 'wv', MPCK: 'mpc8' };
    return { container: tagged[behind] ?? 'mpegaudio', likelihood: 0.95 };
  }
  if (head.length < 4 || head[0] !== 0xff || (head[1]! & 0xe0) !== 0xe0) return undefined;
  const isMpeg =
    (head[1]! & 0x18) !== 0x08 && (head[1]! & 0x06) !== 0 && (head[2]! & 0x0c) !== 0x0c && head[2]! >> 4 !== 15;
  const isAdts = (head[1]! & 0xf6) === 0xf0 && ((head[2]! >> 2) & 15) < 13;
  return isMpeg || isAdts ? { container: 'mpegaudio', likelihood: 0.6 } : undefined;
}
