import { TidegateError } from '../../../errors.ts';
import { KiB } from '../../../units.ts';
import type { BlockReader } from '../block-reader.ts';
import type { StreamType } from '../draft.ts';
import type { Box } from './box.ts';
import { known, knownLong } from './known.ts';
import type { Edit, Table, Track } from './movie.ts';
import { readSampleEntry } from './sample-entry.ts';

/** Boxes of a track whose children are read. */
export const TRACK_CONTAINERS: ReadonlySet<string> = new Set(['edts', 'mdia', 'minf', 'stbl', 'tref']);

const ENTRY_BYTES: Readonly<Record<string, number>> = { stts: 8, ctts: 8, stsc: 12, stco: 4, co64: 8, stss: 4 };
const HANDLERS: Readonly<Record<string, StreamType>> = {
  soun: 'audio',
  vide: 'video',
  subt: 'subtitle',
  sbtl: 'subtitle',
  subp: 'subtitle',
  clcp: 'subtitle',
};
/** ISO/IEC 14496-12 8.7.3.3 */
const COMPACT_BITS: ReadonlySet<number> = new Set([4, 8, 16]);
/** More edits than any writer makes. */
const MAX_EDITS = 4096;

/** Takes what a box of a track says. */
export async function readTrackBox(reader: BlockReader, box: Box, track: Track): Promise<void> {
  const lengthBytes = box.endOffset - box.payloadOffset;
  if (ENTRY_BYTES[box.type] !== undefined) return readTable(reader, box, track);
  if (box.type === 'stsz' || box.type === 'stz2') return readSizes(reader, box, track);
  if (box.type === 'stsd') return readDescription(reader, box, track);
  if (box.type === 'elst') return readEdits(reader, box, track);
  const bytes = await reader.view(box.payloadOffset, Math.min(lengthBytes, 256));
  if (box.type === 'tkhd') readTrackHeader(bytes, track);
  else if (box.type === 'mdhd') readMediaHeader(bytes, track);
  else if (box.type === 'hdlr' && bytes.length >= 12) readHandler(bytes, track);
  else if (box.type === 'chap')
    for (let at = 0; at + 4 <= bytes.length; at += 4) track.chapterTrackIds.push(bytes.readUInt32BE(at));
}

function readTrackHeader(bytes: Buffer, track: Track): void {
  const isLong = bytes[0] === 1;
  const matrixOffset = isLong ? 52 : 40;
  if (bytes.length < matrixOffset + 8) return;
  track.id = bytes.readUInt32BE(isLong ? 20 : 12);
  // 8.3.2: the matrix maps (1, 0) to (a, b) in 16.16; only turns by right angles are told
  const degrees = (Math.atan2(bytes.readInt32BE(matrixOffset + 4), bytes.readInt32BE(matrixOffset)) * 180) / Math.PI;
  track.rotation = degrees === 0 ? undefined : (Math.round(degrees) + 360) % 360;
}

function readMediaHeader(bytes: Buffer, track: Track): void {
  const isLong = bytes[0] === 1;
  if (bytes.length < (isLong ? 34 : 22)) return;
  track.timeScale = bytes.readUInt32BE(isLong ? 20 : 12);
  track.duration = isLong ? knownLong(bytes.readBigUInt64BE(24)) : known(bytes.readUInt32BE(16));
  track.language = language(bytes.readUInt16BE(isLong ? 32 : 20));
}

/** 8.4.2: three letters of 5 bits, each less 0x60; QuickTime's own numbers (below 0x400) are left out. */
function language(packed: number): string | undefined {
  if (packed < 0x400 || packed === 0x7fff) return undefined;
  const text = String.fromCharCode(...[10, 5, 0].map((shift) => ((packed >> shift) & 31) + 0x60));
  return /^[a-z]{3}$/.test(text) && text !== 'und' ? text : undefined;
}

function readHandler(bytes: Buffer, track: Track): void {
  // QTFF: a second `hdlr` in `minf` describes the data reference and is of type `dhlr`
  if (bytes.toString('latin1', 4, 8) === 'dhlr') return;
  track.type = HANDLERS[bytes.toString('latin1', 8, 12)] ?? 'data';
}

async function readDescription(reader: BlockReader, box: Box, track: Track): Promise<void> {
  const bytes = await reader.view(box.payloadOffset, Math.min(box.endOffset - box.payloadOffset, 64 * KiB));
  if (bytes.length < 16 || track.entry) return;
  const entryBytes = Math.max(8, Math.min(bytes.readUInt32BE(8), bytes.length - 8));
  track.entry = readSampleEntry(Buffer.from(bytes.subarray(8, 8 + entryBytes)), track.type);
}

async function readEdits(reader: BlockReader, box: Box, track: Track): Promise<void> {
  const bytes = Buffer.from(
    await reader.view(box.payloadOffset, Math.min(box.endOffset - box.payloadOffset, 8 + MAX_EDITS * 20)),
  );
  if (bytes.length < 8) return;
  const isLong = bytes[0] === 1;
  const entryBytes = isLong ? 20 : 12;
  const declared = bytes.readUInt32BE(4);
  const room = Math.min(MAX_EDITS, Math.floor((bytes.length - 8) / entryBytes));
  if (declared > room) track.overflows.push({ table: box.type, declared, room, offset: box.offset });
  const count = Math.min(declared, room);
  const edits: Edit[] = [];
  for (let i = 0, at = 8; i < count; i++, at += entryBytes) {
    const duration = isLong ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at);
    edits.push({ duration, mediaTime: isLong ? Number(bytes.readBigInt64BE(at + 8)) : bytes.readInt32BE(at + 4) });
  }
  track.edits = edits;
}

/** Notes where a table is. Its count is a claim: no more entries than the box has room for. */
async function readTable(reader: BlockReader, box: Box, track: Track): Promise<void> {
  const bytes = await reader.view(box.payloadOffset, 8);
  if (bytes.length < 8) return;
  const entryBytes = ENTRY_BYTES[box.type]!;
  const room = Math.max(0, Math.floor((box.endOffset - box.payloadOffset - 8) / entryBytes));
  const declared = bytes.readUInt32BE(4);
  if (declared > room) track.overflows.push({ table: box.type, declared, room, offset: box.offset });
  const table: Table = { offset: box.payloadOffset + 8, entryBytes, count: Math.min(declared, room) };
  if (!track.tables.has(box.type)) track.tables.set(box.type, table);
}

async function readSizes(reader: BlockReader, box: Box, track: Track): Promise<void> {
  const bytes = await reader.view(box.payloadOffset, 12);
  if (bytes.length < 12 || track.tables.has('stsz')) return;
  const isCompact = box.type === 'stz2';
  const declared = bytes.readUInt32BE(8);
  track.sizeBits = isCompact ? bytes[7]! : 32;
  if (isCompact && !COMPACT_BITS.has(track.sizeBits)) {
    const message = `Cannot read sample sizes of ${track.sizeBits} bits: 4, 8 or 16 expected`;
    throw new TidegateError('ERR_MALFORMED', message, { offset: box.offset });
  }
  track.fixedSampleBytes = isCompact ? 0 : bytes.readUInt32BE(4);
  const roomBytes = Math.max(0, box.endOffset - box.payloadOffset - 12);
  // A fixed size needs no table, but its samples need bytes in the file
  const room =
    track.fixedSampleBytes > 0
      ? Math.floor(reader.sizeBytes / track.fixedSampleBytes)
      : Math.floor((roomBytes * 8) / track.sizeBits);
  if (declared > room) track.overflows.push({ table: box.type, declared, room, offset: box.offset });
  track.sampleCount = Math.min(declared, room);
  const entryBytes = Math.max(1, track.sizeBits / 8);
  const count = track.fixedSampleBytes > 0 ? 0 : Math.ceil((track.sampleCount * track.sizeBits) / 8 / entryBytes);
  track.tables.set('stsz', { offset: box.payloadOffset + 12, entryBytes, count });
}
