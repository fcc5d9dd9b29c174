import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import type { Span } from './span.ts';

/** How chunks are found: a B-tree, or one of the five indexes of layout version 4. */
export type ChunkIndex =
  | { readonly kind: 'btree1' }
  | { readonly kind: 'single'; readonly storedBytes: number | undefined; readonly mask: number }
  | { readonly kind: 'implicit' }
  | { readonly kind: 'fixed-array' }
  | { readonly kind: 'extensible-array' }
  | { readonly kind: 'btree2' };

/** The elements of a dataset are one block of the file; `address` is undefined while nothing was written. */
export interface ContiguousLayout {
  readonly kind: 'contiguous';
  readonly address: number | undefined;
  readonly lengthBytes: number;
}

/** The elements of a dataset stand in its header. */
export interface CompactLayout {
  readonly kind: 'compact';
  readonly value: Span;
}

/** The elements of a dataset stand in pieces of one shape. */
export interface ChunkedLayout {
  readonly kind: 'chunked';
  /** C order, slowest first. */
  readonly chunkShape: readonly number[];
  readonly elementBytes: number;
  readonly address: number | undefined;
  readonly index: ChunkIndex;
  /** Chunks that reach over the edge have gone through no filter. */
  readonly arePartialChunksRaw: boolean;
}

/** The elements of a dataset stand in other datasets, of this file or of others (HDF5 1.10). */
export interface VirtualLayout {
  readonly kind: 'virtual';
  readonly heapAddress: number | undefined;
  readonly heapIndex: number;
}

export type Layout = ContiguousLayout | CompactLayout | ChunkedLayout | VirtualLayout;

/** Reads a data layout message (spec. IV.A.2.i), version 1 to 5. A step. */
export function parseLayout(file: Hdf5File, span: Span): Layout {
  const cursor = file.open(span, 'layout');
  const version = cursor.version(1, 5);
  if (version < 3) return parseOld(cursor, span);
  const kind = cursor.uint8();
  if (kind === 0) return compact(cursor, span, cursor.uint16());
  if (kind === 1) return { kind: 'contiguous', address: cursor.address(), lengthBytes: cursor.length() };
  if (kind === 2) return version === 3 ? parseChunked3(cursor) : parseChunked4(cursor);
  if (kind === 3 && version > 3) {
    return { kind: 'virtual', heapAddress: cursor.address(), heapIndex: cursor.uint32() };
  }
  throw cursor.malformed(`a layout of class ${kind}`);
}

function parseOld(cursor: Cursor, span: Span): Layout {
  const rank = axes(cursor);
  const kind = cursor.uint8();
  cursor.skip(5);
  const address = kind === 0 ? undefined : cursor.address();
  const shape = Array.from({ length: rank }, () => cursor.uint32());
  if (kind === 0) return compact(cursor, span, cursor.uint32());
  if (kind === 2) return chunked(cursor, shape, address, { kind: 'btree1' });
  if (kind !== 1) throw cursor.malformed(`a layout of class ${kind}`);
  // Here the shape counts bytes: its last axis is the size of an element.
  return { kind: 'contiguous', address, lengthBytes: shape.reduce((product, length) => product * length, 1) };
}

function parseChunked3(cursor: Cursor): ChunkedLayout {
  const rank = axes(cursor);
  const address = cursor.address();
  const shape = Array.from({ length: rank }, () => cursor.uint32());
  return chunked(cursor, shape, address, { kind: 'btree1' });
}

function parseChunked4(cursor: Cursor): ChunkedLayout {
  const flags = cursor.uint8();
  const rank = axes(cursor);
  const widthBytes = cursor.uint8();
  if (widthBytes < 1 || widthBytes > 8) throw cursor.malformed(`chunk lengths of ${widthBytes} bytes`);
  const shape = Array.from({ length: rank }, () => cursor.uint(widthBytes));
  const index = parseIndex(cursor, (flags & 2) !== 0);
  const layout = chunked(cursor, shape, cursor.address(), index);
  return { ...layout, arePartialChunksRaw: (flags & 1) !== 0 };
}

function parseIndex(cursor: Cursor, isFiltered: boolean): ChunkIndex {
  const type = cursor.uint8();
  switch (type) {
    case 1:
      return isFiltered
        ? { kind: 'single', storedBytes: cursor.length(), mask: cursor.uint32() }
        : { kind: 'single', storedBytes: undefined, mask: 0 };
    case 2:
      return { kind: 'implicit' };
    case 3:
      cursor.skip(1);
      return { kind: 'fixed-array' };
    case 4:
      cursor.skip(5);
      return { kind: 'extensible-array' };
    case 5:
      cursor.skip(6);
      return { kind: 'btree2' };
    default:
      throw cursor.malformed(`a chunk index of type ${type}`);
  }
}

function axes(cursor: Cursor): number {
  const rank = cursor.uint8();
  if (rank === 0 || rank > 33) throw cursor.malformed(`${rank} axes, of 1 to 33`);
  return rank;
}

function compact(cursor: Cursor, span: Span, lengthBytes: number): CompactLayout {
  const at = cursor.take(lengthBytes);
  const bytes = span.bytes?.subarray(at, at + lengthBytes);
  return { kind: 'compact', value: { offset: span.bytes ? -1 : cursor.baseOffset + at, lengthBytes, bytes } };
}

/** The last length is not an axis: it is the size of an element. */
function chunked(
  cursor: Cursor,
  shape: readonly number[],
  address: number | undefined,
  index: ChunkIndex,
): ChunkedLayout {
  if (shape.some((length) => length === 0)) throw cursor.malformed('a chunk without elements');
  const elementBytes = shape.at(-1)!;
  return { kind: 'chunked', chunkShape: shape.slice(0, -1), elementBytes, address, index, arePartialChunksRaw: false };
}
