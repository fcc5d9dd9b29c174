import type { BlockReader } from '../block-reader.ts';
import { id3End } from './id3.ts';
import { musepack7End } from './musepack7-end.ts';
import { tailTagBytes } from './trailing-tags.ts';

/** A block of WavPack is at most this long (WavPack 5 file format: 1 MiB and its header). */
const MAX_WAVPACK_BYTES = 1024 * 1024 + 32;
/** Packets of Musepack SV8 that are stepped over on the way to its end packet. */
const MAX_PACKETS = 100_000;

/**
 * Where a file, or its sound before the tags at its end, ends by what its headers declare: behind the end of the
 * input if bytes are missing. `undefined` if they do not tell.
 */
export async function declaredEnd(reader: BlockReader, container: string): Promise<number | undefined> {
  const start = await id3End(reader);
  const head = Buffer.from(await reader.view(start, 64));
  const end = reader.sizeBytes - (await tailTagBytes(reader));
  if (container === 'dsf' && head.length >= 28) return Number(head.readBigUInt64LE(12));
  if (container === 'dff' && head.length >= 12) return 12 + Number(head.readBigUInt64BE(4));
  if (container === 'ape' && head.length >= 32) return apeEnd(head, start, reader.sizeBytes, end);
  if (container === 'wv') return wavpackEnd(reader, head, end);
  if (container === 'mpc8') return musepackEnd(reader, start + 4);
  if (container === 'mpc') return head.length < 24 ? start + 24 : musepack7End(reader, start, head.readUInt32LE(4));
  return reader.sizeBytes + 1; // its header is cut
}

/** Monkey's Audio 3.98 and later: a descriptor lists the parts. */
function apeEnd(head: Buffer, start: number, sizeBytes: number, tagOffset: number): number | undefined {
  if (head.readUInt16LE(4) < 3980) return undefined;
  if (head.length < 36) return start + 52;
  let declared = 0;
  for (let at = 8; at <= 24; at += 4) declared += head.readUInt32LE(at);
  const end = start + declared + head.readUInt32LE(28) * 2 ** 32 + head.readUInt32LE(32);
  return end > tagOffset ? end + sizeBytes - tagOffset : end; // what is missing is sound, if tags stand behind it
}

/** The last block starts at a sample and has some: together they are what the first block declares for all. */
async function wavpackEnd(reader: BlockReader, head: Buffer, end: number): Promise<number | undefined> {
  const missing = reader.sizeBytes + 1;
  if (head.length < 32) return missing;
  const total = head.readUInt32LE(12);
  const tailBytes = Math.min(end, 2 * MAX_WAVPACK_BYTES);
  const tail = await reader.view(end - tailBytes, tailBytes);
  for (let at = tail.lastIndexOf('wvpk'); at >= 0; at = at > 0 ? tail.lastIndexOf('wvpk', at - 1) : -1) {
    if (at + 32 > tail.length) continue;
    const blockBytes = tail.readUInt32LE(at + 4) + 8;
    if (blockBytes > MAX_WAVPACK_BYTES || blockBytes < 32) continue;
    const samples = tail.readUInt32LE(at + 20);
    if (samples === 0) continue; // a block of metadata only
    if (at + blockBytes > tail.length) return missing;
    const isLast = total === 0xffffffff || tail.readUInt32LE(at + 16) + samples >= total;
    return isLast ? end - tailBytes + at + blockBytes : missing;
  }
  return missing;
}

/** Musepack SV8: packets of a two-letter key and a size, the last one `SE`. */
async function musepackEnd(reader: BlockReader, offset: number): Promise<number | undefined> {
  for (let count = 0; count < MAX_PACKETS; count++) {
    const head = await reader.view(offset, 12);
    if (head.length < 3) return offset + 3;
    let lengthBytes = 0;
    for (let at = 2; at < head.length; at++) {
      lengthBytes = lengthBytes * 128 + (head[at]! & 127);
      if (head[at]! < 128) break;
    }
    if (lengthBytes < 3) return undefined;
    const isEnd = head.toString('latin1', 0, 2) === 'SE';
    offset += lengthBytes;
    if (isEnd) return offset;
    if (offset >= reader.sizeBytes) return offset + 1;
  }
  return undefined;
}
