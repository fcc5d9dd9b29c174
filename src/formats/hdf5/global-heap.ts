import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import { malformed } from './malformed.ts';
import type { Span } from './span.ts';

/** Objects of a collection by their index, each where it stands in the file. */
type Collection = ReadonlyMap<number, Span>;

/** The object `index` of the collection at `address` (spec. III.E): variable-length data live here. A step. */
export function globalHeapObject(file: Hdf5File, address: number | undefined, index: number): Span {
  if (address === undefined) throw malformed('global heap', 'its address is undefined');
  const found = collectionAt(file, address).get(index);
  if (!found) throw malformed('global heap', `the collection at ${address} has no object ${index}`, address);
  return found;
}

function collectionAt(file: Hdf5File, address: number): Collection {
  return file.remember('global heap', address, readCollection);
}

function readCollection(file: Hdf5File, start: number): Collection {
  const headBytes = 8 + file.superblock.lengthBytes;
  const head = file.cursor(start, headBytes, 'global heap');
  head.expectSignature('GCOL');
  head.version(1);
  head.skip(3);
  const collectionBytes = head.length();
  const objects = new Map<number, Span>();
  // Most collections are one page or less: so one window is enough for all of its objects.
  for (let at = headBytes; at + headBytes <= collectionBytes; ) {
    const window = file.window(start + at, headBytes, collectionBytes - at, 'global heap');
    at += readObjects(window, headBytes, collectionBytes - at, objects);
  }
  return objects;
}

/** Reads the objects whose heads are in the window; where the next one begins. `leftBytes` from here on are the collection's. */
function readObjects(window: Cursor, headBytes: number, leftBytes: number, objects: Map<number, Span>): number {
  let at = 0;
  while (window.remainingBytes >= headBytes) {
    const head = window.take(headBytes);
    const index = window.view.getUint16(head, true);
    const sizeBytes = window.uintAt(head + 8, headBytes - 8);
    // Object 0 is the free space, the last thing in a collection.
    if (index === 0) return leftBytes;
    if (at + headBytes + sizeBytes > leftBytes) throw window.malformed(`object ${index} leaves its collection`);
    objects.set(index, { offset: window.offset, lengthBytes: sizeBytes, bytes: undefined });
    const paddedBytes = sizeBytes + (-sizeBytes & 7);
    at += headBytes + paddedBytes;
    window.at = Math.min(window.at + paddedBytes, window.end);
  }
  return at;
}
