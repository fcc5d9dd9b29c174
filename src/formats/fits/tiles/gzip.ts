import { gunzipSync } from 'node:zlib';

/** Undoes GZIP_1 of one tile; no more than `mostBytes` come out. Throws what zlib throws. */
export function gunzipTile(bytes: Uint8Array, mostBytes: number): Buffer {
  return gunzipSync(bytes, { maxOutputLength: Math.max(1, mostBytes) });
}

/** Undoes the shuffle of GZIP_2 (FITS 4.0 section 10.4.2): the first bytes of all values, then the second ones, ... */
export function unshuffle(bytes: Uint8Array, width: number): Uint8Array {
  if (width <= 1) return bytes;
  const count = Math.floor(bytes.length / width);
  const out = new Uint8Array(count * width);
  for (let part = 0, from = 0; part < width; part++) {
    for (let i = 0, to = part; i < count; i++, to += width) out[to] = bytes[from++]!;
  }
  return out;
}
