import type { BlockReader } from '../block-reader.ts';

const ID3V1_BYTES = 128;
const APE_FOOTER_BYTES = 32;

/** Bytes of the ID3v1 and APEv2 tags at the end of a file. */
export async function tailTagBytes(reader: BlockReader): Promise<number> {
  const { sizeBytes } = reader;
  let tagBytes = 0;
  if (sizeBytes < APE_FOOTER_BYTES) return 0;
  const id3 = sizeBytes >= ID3V1_BYTES ? await reader.view(sizeBytes - ID3V1_BYTES, 3) : Buffer.alloc(0);
  if (id3.toString('latin1') === 'TAG') tagBytes = ID3V1_BYTES;
  if (sizeBytes < tagBytes + APE_FOOTER_BYTES) return tagBytes;
  const footer = await reader.view(sizeBytes - tagBytes - APE_FOOTER_BYTES, APE_FOOTER_BYTES);
  if (footer.toString('latin1', 0, 8) !== 'APETAGEX') return tagBytes;
  const hasHeader = footer.readUInt32LE(20) >= 0x80000000;
  const apeBytes = footer.readUInt32LE(12) + (hasHeader ? APE_FOOTER_BYTES : 0);
  return Math.min(sizeBytes, tagBytes + apeBytes);
}

/** Bytes that the tag at the end of the sound misses: a file can be cut inside of it too. */
export async function cutTagBytes(reader: BlockReader, soundEnd: number): Promise<number> {
  const head = await reader.view(soundEnd, APE_FOOTER_BYTES);
  const restBytes = reader.sizeBytes - soundEnd;
  const starts = (magic: string): boolean =>
    head.length > 0 && head.toString('latin1', 0, Math.min(head.length, magic.length)) === magic.slice(0, head.length);
  if (starts('TAG')) return Math.max(0, ID3V1_BYTES - restBytes);
  if (!starts('APETAGEX')) return 0;
  if (head.length < APE_FOOTER_BYTES) return APE_FOOTER_BYTES - head.length;
  // APEv2: bit 29 says that this is the header; its size is that of the items and the footer
  const isHeader = (head.readUInt32LE(20) & 0x20000000) !== 0;
  const tagBytes = isHeader ? APE_FOOTER_BYTES + head.readUInt32LE(12) : APE_FOOTER_BYTES;
  return Math.max(0, tagBytes - restBytes);
}
