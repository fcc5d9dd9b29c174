import { gunzipSync } from 'node:zlib';
import { freeArrayBuffer } from '../../../memory/free-array-buffer.ts';
import type { TypedArray } from '../data/typed.ts';

const LEAST_CHUNK_BYTES = 8192;

/**
 * Undoes GZIP_1 of one tile, hands the bytes to `use` and takes their memory back: thousands of tiles would leave it
 * to the collector. No more than `mostBytes` come out; about `expectedBytes` do. Throws what zlib throws.
 */
export function gunzipTile<T>(
  bytes: Uint8Array,
  expectedBytes: number,
  mostBytes: number,
  use: (plain: Buffer) => T,
): T {
  // A little more than will come, so that it comes in one piece
  const chunkSize = Math.max(LEAST_CHUNK_BYTES, expectedBytes + 64);
  const plain = gunzipSync(bytes, { chunkSize, maxOutputLength: Math.max(1, mostBytes) });
  const result = use(plain);
  if (plain.buffer.byteLength === chunkSize) freeArrayBuffer(plain.buffer as ArrayBuffer);
  return result;
}

/**
 * Undoes the shuffle of GZIP_2 (FITS 4.0 section 10.4.2) into an array in the machine's order: the highest bytes of
 * all values come first, then the next ones, ...
 */
export function unshuffle(out: TypedArray, bytes: Uint8Array): void {
  const target = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  const width = out.BYTES_PER_ELEMENT;
  for (let part = width - 1, from = 0; part >= 0; part--) {
    for (let to = part; to < target.length; to += width) target[to] = bytes[from++]!;
  }
}
