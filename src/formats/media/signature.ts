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
  | ForeignContainer;

/** Containers without a reader of our own: ffmpeg reads them. */
// biome-ignore format: a list
export const FOREIGN_CONTAINERS = [
  'flv', 'mpegts', 'mpegps', 'mxf', 'nut', 'rm', 'ivf', 'au', 'caf', 'tta', 'tak', 'voc', 'amr', 'ac3',
] as const;
export type ForeignContainer = (typeof FOREIGN_CONTAINERS)[number];

/** A container, and how sure its signature is (1 = cannot be anything else). */
export interface Signature {
  readonly container: ContainerName;
  readonly likelihood: number;
}

/** First bytes that nothing else has, as Latin-1. */
const MAGIC: readonly (readonly [string, ContainerName])[] = [
  ['fLaC', 'flac'],
  ['OggS', 'ogg'],
  ['\x1a\x45\xdf\xa3', 'matroska'],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c', 'asf'],
  ['MAC ', 'ape'],
  ['wvpk', 'wv'],
  ['MPCK', 'mpc8'],
  ['MP+', 'mpc'],
  ['DSD ', 'dsf'],
  ['FLV\x01', 'flv'],
  // SMPTE ST 377-1 7.1: the key of a header partition pack
  ['\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02', 'mxf'],
  ['nut/multimedia container\0', 'nut'],
  ['.RMF', 'rm'],
  ['DKIF', 'ivf'],
  ['.snd', 'au'],
  ['caff\0\x01', 'caf'],
  ['TTA1', 'tta'],
  ['tBaK', 'tak'],
  ['Creative Voice File\x1a', 'voc'],
  ['#!AMR', 'amr'],
];
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
  if (at(0, 'FRM8') && at(12, 'DSD ')) return sure('dff');
  const magic = MAGIC.find(([text]) => at(0, text));
  if (magic) return sure(magic[1]);
  if (at(0, '\0\0\x01\xba')) return { container: 'mpegps', likelihood: 0.9 };
  if (isAc3(head)) return { container: 'ac3', likelihood: 0.6 };
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

/** ETSI TS 102 366 4.3, E.1.2: a sync word, a sample rate, a size and a version that exist (AC-3 and E-AC-3). */
function isAc3(head: Buffer): boolean {
  if (head.length < 6 || head[0] !== 0x0b || head[1] !== 0x77) return false;
  const version = head[5]! >> 3;
  if (version > 10) return version <= 16;
  return head[4]! >> 6 !== 3 && (head[4]! & 63) < 38;
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
