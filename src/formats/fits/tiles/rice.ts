import type { NewArray } from './workspace.ts';

/** How many bits say the number of split bits, and what number means raw bits, by bytes per pixel. */
const FS_BITS: Readonly<Record<number, readonly [number, number]>> = { 1: [3, 6], 2: [4, 14], 4: [5, 25] };

const TYPES = { 1: Uint8Array, 2: Int16Array, 4: Int32Array } as Readonly<
  Record<number, typeof Int32Array | typeof Int16Array | typeof Uint8Array>
>;

/**
 * Undoes RICE_1 (FITS 4.0 section 10.4.1; Rice, Yeh and Miller 1993): differences of neighbours in blocks, each with
 * its own number of split bits. `undefined` if the bytes end before the pixels do.
 */
export function riceDecode(
  bytes: Uint8Array,
  pixelBytes: number,
  blockPixels: number,
  count: number,
  newArray: NewArray,
): Uint8Array | Int16Array | Int32Array | undefined {
  const [fsBits, fsMost] = FS_BITS[pixelBytes]!;
  const pixelBits = 8 * pixelBytes;
  const shift = 32 - pixelBits;
  // Sums are taken in 32 bits; the array cuts them to the width of a pixel
  const out = newArray<Uint8Array | Int16Array | Int32Array>(TYPES[pixelBytes]!, count);
  const end = bytes.length;
  let last = 0;
  for (let i = 0; i < pixelBytes; i++) last = (last << 8) | (bytes[i] ?? 0);
  let at = pixelBytes;
  let bits = bytes[at++] ?? 0;
  let bitCount = 8;
  for (let i = 0; i < count; ) {
    bitCount -= fsBits;
    while (bitCount < 0) {
      bits = (bits << 8) | (bytes[at++] ?? 0);
      bitCount += 8;
    }
    const fs = (bits >>> bitCount) - 1;
    bits &= (1 << bitCount) - 1;
    if (at > end) return undefined;
    const stop = Math.min(i + blockPixels, count);
    if (fs < 0) {
      for (; i < stop; i++) out[i] = last;
    } else if (fs >= fsMost) {
      for (; i < stop; i++) {
        // The difference itself, over byte boundaries
        let rest = pixelBits - bitCount;
        let difference = rest < 32 ? bits << rest : 0;
        for (rest -= 8; rest >= 0; rest -= 8) difference |= (bytes[at++] ?? 0) << rest;
        if (bitCount > 0) {
          bits = bytes[at++] ?? 0;
          difference |= bits >>> -rest;
          bits &= (1 << bitCount) - 1;
        } else bits = 0;
        difference = (difference << shift) >>> shift;
        last = (last + ((difference >>> 1) ^ -(difference & 1))) | 0;
        out[i] = last;
      }
    } else {
      for (; i < stop; i++) {
        while (bits === 0) {
          if (at >= end) return undefined;
          bitCount += 8;
          bits = bytes[at++]!;
        }
        // Zeros up to the next one, then fs bits
        const zeros = bitCount - 32 + Math.clz32(bits);
        bitCount -= zeros + 1;
        bits ^= 1 << bitCount;
        bitCount -= fs;
        while (bitCount < 0) {
          bits = (bits << 8) | (bytes[at++] ?? 0);
          bitCount += 8;
        }
        const difference = (zeros << fs) | (bits >>> bitCount);
        bits &= (1 << bitCount) - 1;
        last = (last + ((difference >>> 1) ^ -(difference & 1))) | 0;
        out[i] = last;
      }
    }
    if (at > end) return undefined;
  }
  return out;
}
