import type { BlockReader } from '../block-reader.ts';

/** A chunk of a RIFF, RF64, W64, AIFF or AVI file. */
export interface RiffChunk {
  readonly id: string;
  readonly offset: number;
  readonly dataOffset: number;
  /** As declared. */
  readonly lengthBytes: number;
  /** Bytes that the input does not have. */
  readonly missingBytes: number;
}

/** How a family of files writes its chunks. */
export interface ChunkStyle {
  readonly isBigEndian?: boolean | undefined;
  /** Sony Wave64: 16-byte GUIDs, 64-bit sizes that count the header, padding to 8 bytes. */
  readonly isWave64?: boolean | undefined;
  /** Replaces a size of 32 bits that says "look elsewhere" (RF64) or "unknown" (a live writer). */
  readonly realBytes?: ((id: string, declared: number, dataOffset: number) => number) | undefined;
}

/** More chunks than any writer makes; beyond, the rest is left alone. */
const MAX_CHUNKS = 10_000;

/** The chunks between two offsets. Every step moves on by at least 8 bytes. */
export async function* chunksIn(
  reader: BlockReader,
  offset: number,
  end: number,
  style: ChunkStyle = {},
): AsyncGenerator<RiffChunk> {
  const headerBytes = style.isWave64 ? 24 : 8;
  for (let count = 0; end - offset >= headerBytes && count < MAX_CHUNKS; count++) {
    const head = await reader.view(offset, headerBytes);
    if (head.length < headerBytes) return;
    const id = head.toString('latin1', 0, 4);
    const declared = style.isWave64
      ? Math.max(0, Number(head.readBigUInt64LE(16)) - headerBytes)
      : style.isBigEndian
        ? head.readUInt32BE(4)
        : head.readUInt32LE(4);
    const dataOffset = offset + headerBytes;
    const lengthBytes = style.realBytes?.(id, declared, dataOffset) ?? declared;
    const missingBytes = Math.max(0, dataOffset + lengthBytes - end);
    yield { id, offset, dataOffset, lengthBytes, missingBytes };
    const padding = style.isWave64 ? (8 - (lengthBytes % 8)) % 8 : lengthBytes % 2;
    offset = dataOffset + lengthBytes + padding;
  }
}
