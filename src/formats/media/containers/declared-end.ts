import type { BlockReader } from '../block-reader.ts';
import { id3End } from './id3.ts';
import { tailTagBytes } from './trailing-tags.ts';

/** A block of WavPack is at most this long (WavPack 5 file format: 1 MiB and its header). */
const MAX_WAVPACK_BYTES = 1024 * 1024 + 32;
/** Packets of Musepack SV8 that are stepped over on the way to its end packet. */
const MAX_PACKETS = 100_000;

/** How many bytes a file misses by what its own headers declare; `undefined` if they do not tell. */
export async function missingBytes(reader: BlockReader, container: string): Promise<number | undefined> {
  const start = await id3End(reader);
  const head = Buffer.from(await reader.view(start, 64));
  const end = reader.sizeBytes - (await tailTagBytes(reader));
  if (container === 'dsf' && head.length >= 28) return Number(head.readBigUInt64LE(12)) - reader.sizeBytes;
  if (container === 'dff' && head.length >= 12) return 12 + Number(head.readBigUInt64BE(4)) - reader.sizeBytes;
  if (container === 'ape' && head.length >= 32) return apeMissing(head, end - start);
  if (container === 'wv') return wavpackMissing(reader, head, end);
  if (container === 'mpc8') return musepackMissing(reader, start + 4);
  return container === 'mpc' ? undefined : 1;
}

/** Monkey's Audio 3.98 and later: a descriptor lists the parts. */
function apeMissing(head: Buffer, availableBytes: number): number | undefined {
  if (head.readUInt16LE(4) < 3980 || head.length < 36) return undefined;
  let declared = 0;
  for (let at = 8; at <= 24; at += 4) declared += head.readUInt32LE(at);
  return declared + head.readUInt32LE(28) * 2 ** 32 + head.readUInt32LE(32) - availableBytes;
}

/** The last block starts at a sample and has some: together they are what the first block declares for all. */
async function wavpackMissing(reader: BlockReader, head: Buffer, end: number): Promise<number | undefined> {
  if (head.length < 32) return 32 - head.length;
  const total = head.readUInt32LE(12);
  const tailBytes = Math.min(end, 2 * MAX_WAVPACK_BYTES);
  const tail = await reader.view(end - tailBytes, tailBytes);
  for (let at = tail.lastIndexOf('wvpk'); at >= 0; at = at > 0 ? tail.lastIndexOf('wvpk', at - 1) : -1) {
    if (at + 32 > tail.length) continue;
    const blockBytes = tail.readUInt32LE(at + 4) + 8;
    if (blockBytes > MAX_WAVPACK_BYTES || blockBytes < 32) continue;
    const samples = tail.readUInt32LE(at + 20);
    if (samples === 0) continue; // a block of metadata only
    if (at + blockBytes > tail.length) return at + blockBytes - tail.length;
    const isLast = total === 0xffffffff || tail.readUInt32LE(at + 16) + samples >= total;
    return isLast ? 0 : 1;
  }
  return 1;
}

/** Musepack SV8: packets of a two-letter key and a size, the last one `SE`. */
async function musepackMissing(reader: BlockReader, offset: number): Promise<number | undefined> {
  for (let count = 0; count < MAX_PACKETS; count++) {
    const head = await reader.view(offset, 12);
    if (head.length < 3) return 3;
    if (head.toString('latin1', 0, 2) === 'SE') return 0;
    let lengthBytes = 0;
    for (let at = 2; at < head.length; at++) {
      lengthBytes = lengthBytes * 128 + (head[at]! & 127);
      if (head[at]! < 128) break;
    }
    if (lengthBytes < 3) return undefined;
    offset += lengthBytes;
    if (offset >= reader.sizeBytes) return offset - reader.sizeBytes + 1;
  }
  return undefined;
}
