import type { BlockReader } from '../block-reader.ts';

/** Where the ID3v2 tags at the start end (ID3v2.4 3.1: several may follow each other). 0 if there is none. */
export async function id3End(reader: BlockReader): Promise<number> {
  let offset = 0;
  for (;;) {
    const head = await reader.view(offset, 10);
    if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return offset;
    const tagBytes = id3Bytes(head);
    if (offset + tagBytes > reader.sizeBytes) throw reader.truncated(offset, tagBytes, 'an ID3v2 tag');
    offset += tagBytes;
  }
}

/** Bytes of a tag by its 10-byte header: a size of 4 times 7 bits, and 10 more if there is a footer. */
export function id3Bytes(head: Buffer): number {
  const size = ((head[6]! & 127) << 21) | ((head[7]! & 127) << 14) | ((head[8]! & 127) << 7) | (head[9]! & 127);
  return 10 + size + (head[5]! & 0x10 ? 10 : 0);
}
