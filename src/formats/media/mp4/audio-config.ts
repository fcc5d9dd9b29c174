import { BitReader } from '../codec/bit-reader.ts';
import { type InnerBox, innerBoxes } from './box.ts';

/** What the boxes inside of a sample entry say about the codec. */
export interface AudioConfig {
  readonly codec?: string | undefined;
  readonly sampleRate?: number | undefined;
  readonly channels?: number | undefined;
  readonly bitsPerSample?: number | undefined;
  readonly bitRate?: number | undefined;
}

// ISO/IEC 14496-1 table 5 and the MP4 registration authority, as FFmpeg's names.
const OBJECT_TYPES: ReadonlyMap<number, string> = new Map([
  [0x08, 'mov_text'],
  [0x20, 'mpeg4'],
  [0x21, 'h264'],
  [0x23, 'hevc'],
  [0x40, 'aac'],
  [0x60, 'mpeg2video'],
  [0x61, 'mpeg2video'],
  [0x62, 'mpeg2video'],
  [0x63, 'mpeg2video'],
  [0x64, 'mpeg2video'],
  [0x65, 'mpeg2video'],
  [0x66, 'aac'],
  [0x67, 'aac'],
  [0x68, 'aac'],
  [0x69, 'mp3'],
  [0x6a, 'mpeg1video'],
  [0x6b, 'mp3'],
  [0x6c, 'mjpeg'],
  [0x6d, 'png'],
  [0x6e, 'jpeg2000'],
  [0xa3, 'vc1'],
  [0xa4, 'dirac'],
  [0xa5, 'ac3'],
  [0xa6, 'eac3'],
  [0xa9, 'dts'],
  [0xad, 'opus'],
  [0xb1, 'vp9'],
  [0xc1, 'flac'],
  [0xd0, 'vorbis'],
  [0xdd, 'vorbis'],
  [0xe0, 'dvd_subtitle'],
  [0xe1, 'qcelp'],
]);

// ISO/IEC 14496-3 table 1.18
const AAC_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
const AAC_CHANNELS = [undefined, 1, 2, 3, 4, 5, 6, 8, undefined, undefined, undefined, 7, 8, 24, 8, undefined];
// ETSI TS 102 366 4.4.2.3: full-bandwidth channels by acmod
const AC3_CHANNELS = [2, 1, 2, 3, 3, 4, 4, 5];

/** Reads `esds`, `alac`, `dOps`, `dac3`, `dec3`, `dfLa`, `btrt`, also inside of QuickTime's `wave`. */
export function readAudioConfig(children: Buffer, fourcc: string): AudioConfig {
  let config: AudioConfig = /^s(amr|awb)$/.test(fourcc)
    ? { sampleRate: fourcc === 'samr' ? 8000 : 16000, channels: 1 }
    : {};
  const boxes = [...innerBoxes(children)];
  const wave = boxes.find(({ type }) => type === 'wave'); // QTFF: sound descriptions of version 1 wrap them
  if (wave) boxes.push(...innerBoxes(wave.payload));
  for (const box of boxes) config = { ...config, ...present(readBoxConfig(box)) };
  return config;
}

function present(config: AudioConfig): AudioConfig {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

function readBoxConfig({ type, payload }: InnerBox): AudioConfig {
  if (type === 'esds') return readElementaryStream(payload.subarray(4));
  if (type === 'btrt' && payload.length >= 12) return { bitRate: payload.readUInt32BE(8) || undefined };
  if (type === 'alac' && payload.length >= 28) {
    // ALACSpecificConfig behind version and flags
    return { sampleRate: payload.readUInt32BE(24), channels: payload[13], bitsPerSample: payload[9] };
  }
  if (type === 'dOps' && payload.length >= 2) return { sampleRate: 48000, channels: payload[1] };
  if (type === 'dac3' && payload.length >= 3) {
    const acmod = (payload[1]! >> 3) & 7;
    return { channels: AC3_CHANNELS[acmod]! + ((payload[1]! >> 2) & 1) };
  }
  if (type === 'dec3' && payload.length >= 5) {
    const acmod = (payload[3]! >> 1) & 7;
    return { channels: AC3_CHANNELS[acmod]! + (payload[3]! & 1) };
  }
  if (type === 'dfLa' && payload.length >= 4 + 4 + 18) {
    const packed = payload.readUInt32BE(4 + 4 + 10); // STREAMINFO: 20 bits rate, 3 bits channels - 1, 5 bits depth - 1
    return { sampleRate: packed >>> 12, channels: ((packed >> 9) & 7) + 1, bitsPerSample: ((packed >> 4) & 31) + 1 };
  }
  return {};
}

/** ISO/IEC 14496-1 7.2.6: descriptors of a tag and an expandable length. Nesting is ES > DecoderConfig > Specific. */
function readElementaryStream(bytes: Buffer): AudioConfig {
  const stream = descriptor(bytes, 0x03);
  if (!stream || stream.length < 3) return {};
  const flags = stream[2]!;
  let at = 3 + (flags & 0x80 ? 2 : 0);
  if (flags & 0x40) at += 1 + (stream[at] ?? 0);
  if (flags & 0x20) at += 2;
  const decoder = descriptor(stream.subarray(at), 0x04);
  if (!decoder || decoder.length < 13) return {};
  const codec = OBJECT_TYPES.get(decoder[0]!);
  const bitRate = decoder.readUInt32BE(9) || undefined;
  const specific = descriptor(decoder.subarray(13), 0x05);
  return { codec, bitRate, ...(codec === 'aac' && specific ? readAacConfig(specific) : {}) };
}

function descriptor(bytes: Buffer, tag: number): Buffer | undefined {
  if (bytes[0] !== tag) return undefined;
  let lengthBytes = 0;
  let at = 1;
  while (at < 5) {
    const byte = bytes[at++];
    if (byte === undefined) return undefined;
    lengthBytes = lengthBytes * 128 + (byte & 0x7f);
    if (!(byte & 0x80)) break;
  }
  return bytes.subarray(at, at + lengthBytes);
}

/** ISO/IEC 14496-3 1.6.2.1: AudioSpecificConfig, as far as rate and channels. */
export function readAacConfig(bytes: Buffer): { sampleRate?: number | undefined; channels?: number | undefined } {
  const reader = new BitReader(bytes);
  const bits = (count: number): number => reader.bits(count);
  const objectType = (): number => {
    const type = bits(5);
    return type === 31 ? 32 + bits(6) : type;
  };
  const rate = (): number | undefined => {
    const index = bits(4);
    return index === 15 ? bits(24) : AAC_RATES[index];
  };
  const type = objectType();
  const coreRate = rate();
  const channels = AAC_CHANNELS[bits(4)];
  // 1.6.5: 5 (SBR) and 29 (parametric stereo) name the rate of the output behind that of the core
  const sampleRate = type === 5 || type === 29 ? rate() : coreRate;
  return { sampleRate: sampleRate || undefined, channels };
}
