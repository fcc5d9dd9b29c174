import { MiB } from '../../../units.ts';
import type { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import type { StreamFacts } from '../draft.ts';

/** Header type flags (RFC 3533 6). */
const FIRST_PAGE = 0x02;
const LAST_PAGE = 0x04;
const PAGE_HEADER_BYTES = 27;
/** The largest page: header, 255 lacing values, 255 segments of 255 bytes. */
const MAX_PAGE_BYTES = 65_307;
/** Bytes before the end in which the last page of a stream is looked for. */
const MAX_TAIL_BYTES: number = 4 * MiB;

interface Logical {
  readonly serial: number;
  readonly facts: StreamFacts;
  /** Granules per second; 0 if they are no plain count. */
  readonly granuleRate: number;
  readonly preSkip: number;
  /** What a granule counts, where it is no plain count. */
  readonly units?: (granule: bigint) => number;
}

/** Reads an Ogg file (RFC 3533): its first pages tell the streams, its last ones the duration. */
export async function probeOgg({ reader, draft, maxObjects }: ProbeContext): Promise<void> {
  draft.container = 'ogg';
  const logicals: Logical[] = [];
  let offset = 0;
  while (logicals.length < maxObjects) {
    const page = await readPage(reader, offset);
    if (!page || !(page.flags & FIRST_PAGE)) break;
    const head = await reader.view(page.dataOffset, Math.min(page.endOffset - page.dataOffset, 256));
    const logical = identify(page.serial, head) ?? unknown(page.serial);
    logicals.push(logical);
    draft.streams.push(logical.facts);
    offset = page.endOffset;
  }
  if (logicals.length === 0) throw reader.truncated(0, PAGE_HEADER_BYTES, 'the first page of an Ogg stream');
  const last = await lastGranules(reader, new Set(logicals.map(({ serial }) => serial)));
  const ends = logicals.map((logical) => seconds(logical, last.granules.get(logical.serial)));
  const end = Math.max(0, ...ends);
  if (end > 0) {
    draft.durationSeconds = end;
    draft.bitRate = (reader.sizeBytes * 8) / end;
  }
  if (last.isCut || !last.hasEnd) {
    const message = last.isCut ? 'The last page is not whole' : 'No page is marked as the last of its stream';
    draft.issues.push({
      code: 'ERR_TRUNCATED_INPUT',
      severity: last.isCut ? 'error' : 'warning',
      message,
      offset: reader.sizeBytes,
    });
  }
  draft.tagSource = { source: reader, mediaType: 'audio/ogg' };
}

interface Page {
  readonly flags: number;
  readonly serial: number;
  readonly granule: bigint;
  readonly dataOffset: number;
  readonly endOffset: number;
}

async function readPage(reader: BlockReader, offset: number): Promise<Page | undefined> {
  return parsePage(await reader.view(offset, PAGE_HEADER_BYTES + 255), 0, offset);
}

function parsePage(bytes: Buffer, at: number, base: number): Page | undefined {
  if (bytes.length - at < PAGE_HEADER_BYTES || bytes.toString('latin1', at, at + 4) !== 'OggS') return undefined;
  const segments = bytes[at + 26]!;
  const dataAt = at + PAGE_HEADER_BYTES + segments;
  if (bytes.length < dataAt) return undefined;
  let lengthBytes = 0;
  for (let i = at + PAGE_HEADER_BYTES; i < dataAt; i++) lengthBytes += bytes[i]!;
  const granule = bytes.readBigInt64LE(at + 6);
  const serial = bytes.readUInt32LE(at + 14);
  return { flags: bytes[at + 5]!, serial, granule, dataOffset: base + dataAt, endOffset: base + dataAt + lengthBytes };
}

interface Tail {
  readonly granules: Map<number, bigint>;
  readonly hasEnd: boolean;
  readonly isCut: boolean;
}

/** The last granule of each stream. Looks at ever longer tails, at most 4 MiB. */
async function lastGranules(reader: BlockReader, serials: ReadonlySet<number>): Promise<Tail> {
  let tail: Tail = { granules: new Map(), hasEnd: false, isCut: true };
  for (let tailBytes = 2 * MAX_PAGE_BYTES; ; tailBytes *= 4) {
    const start = Math.max(0, reader.sizeBytes - tailBytes);
    tail = scanTail(await reader.view(start, reader.sizeBytes - start), start, reader.sizeBytes, serials);
    if (tail.granules.size >= serials.size || start === 0 || tailBytes >= MAX_TAIL_BYTES) return tail;
  }
}

function scanTail(bytes: Buffer, start: number, sizeBytes: number, serials: ReadonlySet<number>): Tail {
  const granules = new Map<number, bigint>();
  let hasEnd = false;
  let pagesEnd = start;
  for (let at = bytes.indexOf('OggS'); at >= 0; ) {
    const page = parsePage(bytes, at, start);
    if (page && serials.has(page.serial) && page.endOffset <= sizeBytes) {
      if (page.granule >= 0n) granules.set(page.serial, page.granule);
      hasEnd ||= (page.flags & LAST_PAGE) !== 0;
      pagesEnd = page.endOffset;
      at = bytes.indexOf('OggS', page.endOffset - start);
    } else {
      at = bytes.indexOf('OggS', at + 4);
    }
  }
  return { granules, hasEnd, isCut: pagesEnd < sizeBytes };
}

function seconds({ granuleRate, preSkip, units = Number }: Logical, granule: bigint | undefined): number {
  if (granule === undefined || granuleRate <= 0) return 0;
  return Math.max(0, units(granule) - preSkip) / granuleRate;
}

function identify(serial: number, head: Buffer): Logical | undefined {
  const is = (signature: string): boolean => head.toString('latin1', 0, signature.length) === signature;
  const audio = (
    codec: string,
    sampleRate: number,
    channels: number,
    more: { readonly bitsPerSample?: number } = {},
  ): Logical => {
    const facts: StreamFacts = { type: 'audio', codec, attributes: { sampleRate, channels, ...more } };
    return { serial, facts, granuleRate: sampleRate, preSkip: 0 };
  };
  if (is('\x01vorbis') && head.length >= 30) return audio('vorbis', head.readUInt32LE(12), head[11]!);
  // RFC 7845 4, 5.1: granules count at 48 kHz whatever the rate of the original was
  if (is('OpusHead') && head.length >= 19) return { ...audio('opus', 48000, head[9]!), preSkip: head.readUInt16LE(10) };
  if (is('Speex   ') && head.length >= 80) return audio('speex', head.readUInt32LE(36), head.readUInt32LE(48));
  if (is('\x7fFLAC') && head.length >= 51) {
    const packed = head.readUInt32BE(27); // behind 13 bytes of mapping, 4 of block header, 10 of sizes
    return audio('flac', packed >>> 12, ((packed >> 9) & 7) + 1, { bitsPerSample: ((packed >> 4) & 31) + 1 });
  }
  if (is('\x80theora') && head.length >= 42) return theora(serial, head);
  if (is('OVP80\x01\x01') && head.length >= 26) return vp8(serial, head);
  return undefined;
}

/** A stream of another codec (Skeleton, Kate, Dirac): counted, so that streams have FFmpeg's numbers, and not decoded. */
function unknown(serial: number): Logical {
  return { serial, facts: { type: 'data', codec: undefined, attributes: {} }, granuleRate: 0, preSkip: 0 };
}

/** As FFmpeg writes it: version, size, aspect, frame rate; the upper half of a granule counts frames. */
function vp8(serial: number, head: Buffer): Logical {
  const frameRate = head.readUInt32BE(18) / (head.readUInt32BE(22) || 1);
  const attributes = { width: head.readUInt16BE(8), height: head.readUInt16BE(10), frameRate };
  const facts: StreamFacts = { type: 'video', codec: 'vp8', attributes };
  return { serial, facts, granuleRate: frameRate, preSkip: 0, units: (granule) => Number(granule >> 32n) };
}

/** Theora specification 6.2: identification header. */
function theora(serial: number, head: Buffer): Logical {
  const frameRate = head.readUInt32BE(22) / (head.readUInt32BE(26) || 1);
  const width = head.readUIntBE(14, 3);
  const height = head.readUIntBE(17, 3);
  const facts: StreamFacts = { type: 'video', codec: 'theora', attributes: { width, height, frameRate } };
  const shift = BigInt((head.readUInt16BE(40) >> 5) & 31);
  // frames up to the last keyframe, and since
  const units = (granule: bigint) => Number((granule >> shift) + (granule & ((1n << shift) - 1n)));
  return { serial, facts, granuleRate: frameRate, preSkip: 0, units };
}
