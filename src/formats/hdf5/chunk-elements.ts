import type { ChunkGrid } from './chunk-grid.ts';
import type { Cursor } from './cursor.ts';
import type { StoredChunk } from './stored-chunk.ts';

/** What the entries of a fixed or extensible array look like. */
export interface ElementKind {
  readonly elementBytes: number;
  readonly isFiltered: boolean;
}

/** Reads the head that all parts of both arrays share: signature, version, client. */
export function expectHead(cursor: Cursor, signature: string, isFiltered: boolean): void {
  cursor.expectSignature(signature);
  cursor.version(0);
  const client = cursor.uint8();
  if (client !== (isFiltered ? 1 : 0)) throw cursor.malformed(`entries for client ${client}`);
}

/** Checks that entries of `elementBytes` can be: an address, and with filters a size and a mask. */
export function expectElementBytes(
  cursor: Cursor,
  elementBytes: number,
  offsetBytes: number,
  isFiltered: boolean,
): void {
  const widthBytes = isFiltered ? elementBytes - offsetBytes - 4 : 0;
  const isGood = isFiltered ? widthBytes >= 1 && widthBytes <= 8 : elementBytes === offsetBytes;
  if (!isGood) throw cursor.malformed(`entries of ${elementBytes} bytes`);
}

/** Reads entries `first` to `first + count` of an array into `chunks`; those never written are left out. */
export function readElements(
  cursor: Cursor,
  kind: ElementKind,
  grid: ChunkGrid,
  first: number,
  count: number,
  chunks: StoredChunk[],
): void {
  for (let index = 0; index < count; index++) {
    const element = cursor.sub(kind.elementBytes);
    const address = element.address();
    if (address === undefined) continue;
    const storedBytes = kind.isFiltered ? element.uint(element.remainingBytes - 4) : grid.chunkBytes;
    const mask = kind.isFiltered ? element.uint32() : 0;
    chunks.push({ start: grid.startOf(first + index), address, storedBytes, mask });
  }
}

/** `true` if page `number` was ever written; bits count from the highest one down (H5VM_bit_get). */
export function hasPage(bitmap: Buffer, number: number): boolean {
  return (bitmap[number >> 3]! & (0x80 >> (number & 7))) !== 0;
}
