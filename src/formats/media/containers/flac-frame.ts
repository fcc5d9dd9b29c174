const BLOCK_SIZES = [0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];

/**
 * The sample behind the last whole frame in the tail of a FLAC stream (RFC 9639 9), or `undefined` if there is none.
 * A frame is whole if both its checksums are right and the stream ends behind it. `streamBlock`: samples of all frames
 * but the last, where blocks have one size.
 */
export function lastFlacSample(tail: Buffer, streamBlock: number): number | undefined {
  for (let at = tail.lastIndexOf(0xff); at >= 0; at = at > 0 ? tail.lastIndexOf(0xff, at - 1) : -1) {
    if ((tail[at + 1]! & 0xfe) !== 0xf8) continue;
    const end = frameEnd(tail, at, streamBlock);
    if (end !== undefined && crc16(tail, at, tail.length) === 0) return end;
  }
  return undefined;
}

/** The number of the sample behind a frame, by its header. */
function frameEnd(bytes: Buffer, start: number, streamBlock: number): number | undefined {
  const isVariable = (bytes[start + 1]! & 1) === 1;
  const sizeCode = bytes[start + 2]! >> 4;
  const rateCode = bytes[start + 2]! & 15;
  if (sizeCode === 0 || rateCode === 15) return undefined;
  const coded = codedNumber(bytes, start + 4);
  if (!coded) return undefined;
  let at = coded.end;
  let blockSize = BLOCK_SIZES[sizeCode]!;
  if (sizeCode === 6) blockSize = bytes[at++]! + 1;
  else if (sizeCode === 7) {
    blockSize = (bytes[at]! << 8) + bytes[at + 1]! + 1;
    at += 2;
  }
  if (rateCode === 12) at += 1;
  else if (rateCode > 12) at += 2;
  if (at + 1 > bytes.length || crc8(bytes, start, at + 1) !== 0) return undefined;
  // with blocks of one size the header counts frames, of which the last may be shorter
  return isVariable ? coded.value + blockSize : coded.value * streamBlock + blockSize;
}

/** A number coded as UTF-8 codes characters, up to 7 bytes (RFC 9639 9.1.5). */
function codedNumber(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, end: at + 1 };
  const more = Math.clz32(~(first << 24)) - 1;
  if (more < 1 || more > 6) return undefined;
  let value = first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const byte = bytes[at + i];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, end: at + 1 + more };
}

/** Polynomial x^8 + x^2 + x + 1; 0 over bytes that end with their own checksum. */
function crc8(bytes: Buffer, start: number, end: number): number {
  let crc = 0;
  for (let at = start; at < end; at++) {
    crc ^= bytes[at]!;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}

const CRC16: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x8005 : crc << 1;
  return crc & 0xffff;
});

/** Polynomial x^16 + x^15 + x^2 + 1; 0 over bytes that end with their own checksum. */
function crc16(bytes: Buffer, start: number, end: number): number {
  let crc = 0;
  for (let at = start; at < end; at++) crc = ((crc << 8) & 0xffff) ^ CRC16[(crc >> 8) ^ bytes[at]!]!;
  return crc;
}
