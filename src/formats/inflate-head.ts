import { constants, createGunzip } from 'node:zlib';

/**
 * The first `lengthBytes` of what a gzip member holds, from its first bytes alone; `undefined` if they are no gzip
 * (RFC 1952). Never inflates more than it returns by more than a block, whatever the bytes say.
 */
export async function inflateHead(head: Buffer, lengthBytes: number): Promise<Buffer | undefined> {
  if (head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 8) return undefined;
  const gunzip = createGunzip({ chunkSize: lengthBytes, finishFlush: constants.Z_SYNC_FLUSH });
  const parts: Buffer[] = [];
  let partBytes = 0;
  gunzip.end(head);
  try {
    for await (const part of gunzip as AsyncIterable<Buffer>) {
      parts.push(part);
      partBytes += part.length;
      if (partBytes >= lengthBytes) break;
    }
  } catch {
    // Damaged behind its header: what came before still tells the format; the reader will report the damage.
  }
  return Buffer.concat(parts).subarray(0, lengthBytes);
}
