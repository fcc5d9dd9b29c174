import { TidegateError } from '../../errors.ts';
import { fletcher32 } from './checksum.ts';
import type { Filter } from './filter-pipeline.ts';
import { decodeLzf } from './lzf.ts';
import { malformed, unsupported } from './malformed.ts';

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
const LZF = 32_000;
const OWN_FILTERS: ReadonlySet<number> = new Set([DEFLATE, SHUFFLE, FLETCHER32, LZF]);

/** `true` if this reader undoes all of these filters by itself. */
export function isDecodable(filters: readonly Filter[]): boolean {
  return filters.every((filter) => OWN_FILTERS.has(filter.id));
}

/**
 * Undoes the filters of one chunk or heap block, the last one first. Bit n of `skipped` set: filter n was not
 * applied. `maxBytes` is what a decoded block can have: nothing is decompressed beyond it.
 */
export function decodeChunk(stored: Buffer, filters: readonly Filter[], skipped: number, maxBytes: number): Buffer {
  let bytes = stored;
  for (let index = filters.length - 1; index >= 0; index--) {
    if ((skipped >>> index) & 1) continue;
    bytes = undo(filters[index]!, bytes, maxBytes);
  }
  return bytes;
}

function undo(filter: Filter, bytes: Buffer, maxBytes: number): Buffer {
  if (filter.id === DEFLATE) return inflate(bytes, maxBytes);
  if (filter.id === SHUFFLE) return unshuffle(bytes, filter.parameters[0] ?? 1);
  if (filter.id === FLETCHER32) return withoutFletcher32(bytes);
  if (filter.id === LZF) return decodeLzf(bytes, maxBytes + 4);
  throw unsupported('chunk', `filter ${filter.name} (${filter.id})`);
}

function inflate(bytes: Buffer, maxBytes: number): Buffer {
  // Loaded only here: most reads want the structure, and have no need of it.
  const { inflateSync } = process.getBuiltinModule('node:zlib');
  try {
    // Four bytes more for the checksum of fletcher32, where it was applied first.
    return inflateSync(bytes, {
      maxOutputLength: maxBytes + 4,
      chunkSize: Math.max(64, Math.min(maxBytes + 4, 2 ** 24)),
    });
  } catch (cause) {
    const seen = cause instanceof Error ? cause.message : String(cause);
    throw new TidegateError('ERR_INFLATE', `Cannot inflate ${bytes.length} bytes: ${seen}`, { cause });
  }
}

function withoutFletcher32(bytes: Buffer): Buffer {
  const end = bytes.length - 4;
  if (end < 0) throw malformed('chunk', `${bytes.length} bytes leave no room for the checksum of fletcher32`);
  const body = bytes.subarray(0, end);
  const stored = bytes.readUInt32LE(end);
  const computed = fletcher32(body);
  // Libraries before 1.6.3 stored it with the bytes of each half swapped; both are right (H5Z__filter_fletcher32).
  const swapped = (((computed & 0x00ff00ff) << 8) | ((computed & 0xff00ff00) >>> 8)) >>> 0;
  if (stored === computed || stored === swapped) return body;
  throw new TidegateError('ERR_CHECKSUM', `Cannot trust a chunk: fletcher32 is ${computed}, the file says ${stored}`, {
    stored,
    computed,
  });
}

/** Spec. "shuffle": byte k of all elements stands together; what does not fill an element stands behind, as it was. */
function unshuffle(bytes: Buffer, elementBytes: number): Buffer {
  const count = Math.floor(bytes.length / elementBytes);
  if (elementBytes <= 1 || count <= 1) return bytes;
  const out = Buffer.allocUnsafeSlow(bytes.length);
  if (elementBytes % 4 === 0) unshuffleWords(bytes, out, count, elementBytes / 4);
  else {
    for (let plane = 0; plane < elementBytes; plane++) {
      const from = plane * count;
      for (let index = 0, at = plane; index < count; index++, at += elementBytes) out[at] = bytes[from + index]!;
    }
  }
  const tail = count * elementBytes;
  bytes.copy(out, tail, tail);
  return out;
}

// One 32-bit store for four bytes: several times faster than the plain loop (bench/hdf5.ts).
function unshuffleWords(bytes: Buffer, out: Buffer, count: number, wordCount: number): void {
  const words = new Int32Array(out.buffer, 0, count * wordCount);
  for (let word = 0; word < wordCount; word++) {
    const b0 = word * 4 * count;
    const b1 = b0 + count;
    const b2 = b1 + count;
    const b3 = b2 + count;
    for (let index = 0, at = word; index < count; index++, at += wordCount) {
      words[at] =
        bytes[b0 + index]! | (bytes[b1 + index]! << 8) | (bytes[b2 + index]! << 16) | (bytes[b3 + index]! << 24);
    }
  }
}
