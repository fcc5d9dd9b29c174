import type { Hdf5File } from './file.ts';
import { malformed } from './malformed.ts';
import type { Span } from './span.ts';

/** Objects of a collection by their index, each where it stands in the file. */
type Collection = ReadonlyMap<number, Span>;

/** The object `index` of the collection at `address` (spec. III.E): variable-length data live here. A step. */
export function globalHeapObject(file: Hdf5File, address: number | undefined, index: number): Span {
  if (address === undefined) throw malformed('global heap', 'its address is undefined');
  const objects = file.remember('global heap', address, () => readCollection(file, address));
  const found = objects.get(index);
  if (!found) throw malformed('global heap', `the collection at ${address} has no object ${index}`, address);
  return found;
}

function readCollection(file: Hdf5File, start: number): Collection {
  const { lengthBytes } = file.superblock;
  const entryBytes = 8 + lengthBytes;
  let entry = file.cursor(start, entryBytes, 'global heap');
  entry.expectSignature('GCOL');
  entry.version(1);
  entry.skip(3);
  const collectionBytes = entry.length();
  const objects = new Map<number, Span>();
  for (let at = entryBytes; at + entryBytes <= collectionBytes; ) {
    // Most collections are one page: so one cursor is enough for all its heads.
    if (entry.remainingBytes < entryBytes)
      entry = file.window(start + at, entryBytes, collectionBytes - at, 'global heap');
    const head = entry.take(entryBytes);
    const index = entry.view.getUint16(head, true);
    const sizeBytes = entry.uintAt(head + 8, lengthBytes);
    // Object 0 is the free space, the last thing in a collection.
    if (index === 0) break;
    if (at + entryBytes + sizeBytes > collectionBytes) throw entry.malformed(`object ${index} leaves its collection`);
    objects.set(index, { offset: entry.offset, lengthBytes: sizeBytes });
    const paddedBytes = sizeBytes + (-sizeBytes & 7);
    at += entryBytes + paddedBytes;
    entry.at = Math.min(entry.at + paddedBytes, entry.end);
  }
  return objects;
}
