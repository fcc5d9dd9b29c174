/** One frame of MPEG audio (ISO/IEC 11172-3 2.4.2.3, 13818-3) or ADTS (ISO/IEC 13818-7 6.2), by its header. */
export interface AudioFrame {
  readonly codec: 'mp1' | 'mp2' | 'mp3' | 'aac';
  /** 0 if the header does not tell (ADTS with the escape index). */
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: number;
  /** Bytes of the frame, header included; 0 for free format. */
  readonly lengthBytes: number;
  /** Where a Xing header would stand, from the frame's start. */
  readonly sideOffset: number;
}

const BITRATES_V1 = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
];
const BITRATES_V2 = [
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const RATES = [44100, 48000, 32000];
const ADTS_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

/** Bytes that {@link parseFrame} wants to see. */
export const FRAME_HEADER_BYTES = 7;

/** The frame whose header is at `at`, or `undefined` if there is none. */
export function parseFrame(bytes: Buffer, at: number): AudioFrame | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xe0) !== 0xe0) return undefined;
  return (bytes[at + 1]! & 0x06) === 0 ? parseAdts(bytes, at) : parseMpeg(bytes, at);
}

function parseMpeg(bytes: Buffer, at: number): AudioFrame | undefined {
  const version = (bytes[at + 1]! >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const layer = 4 - ((bytes[at + 1]! >> 1) & 3);
  const rateIndex = (bytes[at + 2]! >> 2) & 3;
  const bitrateIndex = bytes[at + 2]! >> 4;
  if (version === 1 || rateIndex === 3 || bitrateIndex === 15 || (bytes[at + 3]! & 3) === 2) return undefined;
  const isV1 = version === 3;
  const sampleRate = RATES[rateIndex]! >> (isV1 ? 0 : version === 2 ? 1 : 2);
  const bitrate = (isV1 ? BITRATES_V1 : BITRATES_V2)[layer - 1]![bitrateIndex]! * 1000;
  const padding = (bytes[at + 2]! >> 1) & 1;
  const samples = layer === 1 ? 384 : layer === 3 && !isV1 ? 576 : 1152;
  const slots = Math.floor(((layer === 1 ? 12 : samples / 8) * bitrate) / sampleRate) + padding;
  const channels = bytes[at + 3]! >> 6 === 3 ? 1 : 2;
  const sideBytes = isV1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const codec = layer === 1 ? 'mp1' : layer === 2 ? 'mp2' : 'mp3';
  const lengthBytes = bitrate === 0 ? 0 : slots * (layer === 1 ? 4 : 1);
  return { codec, sampleRate, channels, samples, lengthBytes, sideOffset: 4 + sideBytes };
}

function parseAdts(bytes: Buffer, at: number): AudioFrame | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length || (bytes[at + 1]! & 0xf0) !== 0xf0) return undefined;
  const rateIndex = (bytes[at + 2]! >> 2) & 15;
  const sampleRate = rateIndex === 15 ? 0 : ADTS_RATES[rateIndex];
  const lengthBytes = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
  if (sampleRate === undefined || lengthBytes < FRAME_HEADER_BYTES) return undefined;
  const config = ((bytes[at + 2]! & 1) << 2) | (bytes[at + 3]! >> 6);
  const samples = 1024 * ((bytes[at + 6]! & 3) + 1);
  return { codec: 'aac', sampleRate, channels: config === 7 ? 8 : config, samples, lengthBytes, sideOffset: 0 };
}
