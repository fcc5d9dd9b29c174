import { crc32 } from 'node:zlib';
import { TidegateError } from '../errors.ts';

/** What stands around deflated bytes: `'gzip'` (RFC 1952), `'zlib'` (RFC 1950), or nothing (RFC 1951). */
export type DeflateKind = 'gzip' | 'zlib' | 'deflate-raw';

/** A header, a checksum over the plain bytes and a trailer; `headerBytes` is `undefined` while `head` is too short. */
export interface DeflateFrame {
  readonly trailerBytes: number;
  headerBytes(head: Buffer): number | undefined;
  checksum(bytes: Uint8Array, previous: number): number;
  readonly checksumStart: number;
  /** `true` if the trailer says the same as what was counted. */
  isTrailer(trailer: Buffer, checksum: number, plainBytes: number): boolean;
}

function refuse(message: string, expected: string): never {
  throw new TidegateError('ERR_INFLATE', message, { expected });
}

// RFC 1952 2.3.1: flags
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;

/** RFC 1952 2.3: ten fixed bytes, then extra field, name, comment and header CRC as the flags say. */
function gzipHeaderBytes(head: Buffer): number | undefined {
  if (head.length < 10) return undefined;
  if (head[0] !== 0x1f || head[1] !== 0x8b) refuse('Cannot inflate: no gzip header', '1f 8b');
  if (head[2] !== 8) refuse(`Cannot inflate: gzip method ${head[2]}`, 'method 8');
  const flags = head[3]!;
  if (flags & 0xe0) refuse(`Cannot inflate: reserved gzip flags ${flags}`, 'flags below 32');
  let end = 10;
  if (flags & FEXTRA) {
    if (head.length < end + 2) return undefined;
    end += 2 + head.readUInt16LE(end);
  }
  for (const flag of [FNAME, FCOMMENT]) {
    if (!(flags & flag)) continue;
    const zero = end < head.length ? head.indexOf(0, end) : -1;
    if (zero === -1) return undefined;
    end = zero + 1;
  }
  if (flags & FHCRC) end += 2;
  return end <= head.length ? end : undefined;
}

/** RFC 1950 2.2: two bytes that are a multiple of 31 together; a preset dictionary is not for files. */
function zlibHeaderBytes(head: Buffer): number | undefined {
  if (head.length < 2) return undefined;
  const isHeader = (head[0]! & 0x0f) === 8 && head[0]! >> 4 <= 7 && head.readUInt16BE(0) % 31 === 0;
  if (!isHeader) refuse('Cannot inflate: no zlib header', 'a CMF of method 8 and its FLG');
  if (head[1]! & 0x20) refuse('Cannot inflate: it needs a preset dictionary', 'no FDICT');
  return 2;
}

/** RFC 1950 8.2; 5,552 is the most bytes whose sums stay below 2^32. */
function adler32(bytes: Uint8Array, previous: number): number {
  let a = previous & 0xffff;
  let b = previous >>> 16;
  for (let start = 0; start < bytes.length; start += 5552) {
    const end = Math.min(start + 5552, bytes.length);
    for (let index = start; index < end; index++) b += a += bytes[index]!;
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/** The frame of each kind. */
export const deflateFrames: Readonly<Record<DeflateKind, DeflateFrame>> = {
  gzip: {
    headerBytes: gzipHeaderBytes,
    trailerBytes: 8,
    checksumStart: 0,
    checksum: crc32,
    // RFC 1952 2.3.1: CRC32, then the plain size modulo 2^32
    isTrailer: (trailer, checksum, plainBytes) =>
      trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === plainBytes % 2 ** 32,
  },
  zlib: {
    headerBytes: zlibHeaderBytes,
    trailerBytes: 4,
    checksumStart: 1,
    checksum: adler32,
    isTrailer: (trailer, checksum) => trailer.readUInt32BE(0) === checksum,
  },
  'deflate-raw': {
    headerBytes: () => 0,
    trailerBytes: 0,
    checksumStart: 0,
    checksum: () => 0,
    isTrailer: () => true,
  },
};
