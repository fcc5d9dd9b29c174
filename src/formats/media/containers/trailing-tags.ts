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
