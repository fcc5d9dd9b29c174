import { TidegateError } from '../../errors.ts';

/**
 * The checksum of HDF5 metadata (spec. "Checksum", H5_checksum_lookup3): Bob Jenkins' lookup3 `hashlittle` of
 * `bytes[start..end)` with an initial value of 0, as an unsigned number.
 */
export function lookup3(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let left = end - start;
  let a = (0xdeadbeef + left) | 0;
  let b = a;
  let c = a;
  while (left > 12) {
    a = (a + word(bytes, at, 4)) | 0;
    b = (b + word(bytes, at + 4, 4)) | 0;
    c = (c + word(bytes, at + 8, 4)) | 0;
    a = ((a - c) | 0) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 4);
    b = (b + a) | 0;
    at += 12;
    left -= 12;
  }
  if (left === 0) return c >>> 0;
  a = (a + word(bytes, at, Math.min(left, 4))) | 0;
  b = (b + word(bytes, at + 4, Math.min(left - 4, 4))) | 0;
  c = (c + word(bytes, at + 8, Math.min(left - 8, 4))) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}

/** `ERR_CHECKSUM` unless the four bytes at `end` are the {@link lookup3} of those before, from `start` on. */
export function verifyChecksum(what: string, bytes: Buffer, start: number, end: number, baseOffset: number): void {
  const stored = bytes.readUInt32LE(end);
  const computed = lookup3(bytes, start, end);
  if (stored === computed) return;
  const message = `Cannot trust ${what}: its checksum is ${hex(computed)}, the file says ${hex(stored)}`;
  throw new TidegateError('ERR_CHECKSUM', message, { offset: baseOffset + start, stored, computed });
}

/** The checksum of the filter "fletcher32": `H5_checksum_fletcher32` of big-endian 16-bit words. */
export function fletcher32(bytes: Uint8Array): number {
  let sum1 = 0;
  let sum2 = 0;
  const wordEnd = bytes.length & ~1;
  for (let at = 0; at < wordEnd; ) {
    // 360 words fit before a 32-bit sum of sums can overflow.
    const blockEnd = Math.min(wordEnd, at + 720);
    for (; at < blockEnd; at += 2) {
      sum1 += (bytes[at]! << 8) | bytes[at + 1]!;
      sum2 += sum1;
    }
    sum1 = (sum1 & 0xffff) + (sum1 >>> 16);
    sum2 = (sum2 & 0xffff) + (sum2 >>> 16);
  }
  if (bytes.length & 1) {
    sum1 += bytes[bytes.length - 1]! << 8;
    sum2 += sum1;
  }
  sum1 = (sum1 & 0xffff) + (sum1 >>> 16);
  sum2 = (sum2 & 0xffff) + (sum2 >>> 16);
  sum1 = (sum1 & 0xffff) + (sum1 >>> 16);
  sum2 = (sum2 & 0xffff) + (sum2 >>> 16);
  return ((sum2 << 16) | sum1) >>> 0;
}

function rotate(value: number, count: number): number {
  return (value << count) | (value >>> (32 - count));
}

function word(bytes: Uint8Array, at: number, count: number): number {
  if (count === 4) return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  let value = 0;
  for (let index = 0; index < count; index++) value |= bytes[at + index]! << (8 * index);
  return value;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
