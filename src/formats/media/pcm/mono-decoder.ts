import { endianness } from 'node:os';
import { kindBytes, type SampleKind } from './layout.ts';

/** The mean of the channels of each frame in `bytes`, full scale = 1, into `target`. Answers how many there were. */
export type MonoDecoder = (bytes: Buffer, target: Float64Array) => number;

export type Values = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

const IS_LITTLE_HOST = endianness() === 'LE';

/** Decodes PCM of one kind. Integers are divided by 2^(bits-1), as libsndfile and SoX do. */
export function monoDecoder(kind: SampleKind, channels: number): MonoDecoder {
  if (kindBytes(kind) === 1) return tableDecoder(kind, channels);
  if (kind === 's24le' || kind === 's24be') return wideDecoder(kind === 's24le', channels);
  const valuesOf = valuesReader(kind);
  const scale = kind.startsWith('f') ? 1 : kind.startsWith('s16') ? 2 ** -15 : 2 ** -31;
  return (bytes, target) => mix(valuesOf(bytes), channels, scale / channels, target);
}

/** Frames of whole values: `channels` of them add up to one. */
function mix(values: Values, channels: number, gain: number, target: Float64Array): number {
  const frames = Math.floor(values.length / channels);
  if (channels === 1) {
    for (let frame = 0; frame < frames; frame++) target[frame] = values[frame]! * gain;
  } else if (channels === 2) {
    for (let frame = 0, at = 0; frame < frames; frame++, at += 2)
      target[frame] = (values[at]! + values[at + 1]!) * gain;
  } else {
    for (let frame = 0, at = 0; frame < frames; frame++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += values[at++]!;
      target[frame] = sum * gain;
    }
  }
  return frames;
}

/** The bytes as an array of numbers; copied (and swapped) only where alignment or byte order ask for it. */
export function valuesReader(kind: SampleKind): (bytes: Buffer) => Values {
  const valueBytes = kindBytes(kind);
  const isSwapped = kind.endsWith('be') === IS_LITTLE_HOST;
  const make = (bytes: Buffer): Values => {
    const count = Math.floor(bytes.length / valueBytes);
    if (kind.startsWith('s16')) return new Int16Array(bytes.buffer, bytes.byteOffset, count);
    if (kind.startsWith('s32')) return new Int32Array(bytes.buffer, bytes.byteOffset, count);
    if (kind.startsWith('f32')) return new Float32Array(bytes.buffer, bytes.byteOffset, count);
    return new Float64Array(bytes.buffer, bytes.byteOffset, count);
  };
  let scratch = Buffer.alloc(0);
  return (bytes) => {
    if (!isSwapped && bytes.byteOffset % valueBytes === 0) return make(bytes);
    if (scratch.length < bytes.length) scratch = Buffer.from(new ArrayBuffer(Math.ceil(bytes.length / 8) * 8));
    const usedBytes = bytes.length - (bytes.length % valueBytes);
    const copy = scratch.subarray(0, usedBytes);
    copy.set(bytes.subarray(0, usedBytes));
    if (isSwapped) valueBytes === 2 ? copy.swap16() : valueBytes === 4 ? copy.swap32() : copy.swap64();
    return make(copy);
  };
}

function wideDecoder(isLittle: boolean, channels: number): MonoDecoder {
  const [low, high] = isLittle ? [0, 2] : [2, 0];
  const gain = 2 ** -31 / channels;
  return (bytes, target) => {
    const frames = Math.floor(bytes.length / (3 * channels));
    for (let frame = 0, at = 0; frame < frames; frame++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++, at += 3) {
        sum += (bytes[at + high]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + low]! << 8);
      }
      target[frame] = sum * gain;
    }
    return frames;
  };
}

/** One byte a value: a table of all 256. */
function tableDecoder(kind: SampleKind, channels: number): MonoDecoder {
  const table = Float64Array.from({ length: 256 }, (_, byte) => {
    if (kind === 'u8') return (byte - 128) / 128;
    if (kind === 's8') return ((byte << 24) >> 24) / 128;
    return (kind === 'mulaw' ? mulaw(byte) : alaw(byte)) / 32768;
  });
  return (bytes, target) => {
    const frames = Math.floor(bytes.length / channels);
    for (let frame = 0, at = 0; frame < frames; frame++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += table[bytes[at++]!]!;
      target[frame] = sum / channels;
    }
    return frames;
  };
}

/** ITU-T G.711 table 2, expanded to 16 bits. */
function mulaw(byte: number): number {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return code & 0x80 ? -magnitude : magnitude;
}

/** ITU-T G.711 table 1, expanded to 16 bits. */
function alaw(byte: number): number {
  const code = byte ^ 0x55;
  const segment = (code >> 4) & 7;
  const mantissa = (code & 15) << 4;
  const magnitude = segment === 0 ? mantissa + 8 : (mantissa + 264) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
}
