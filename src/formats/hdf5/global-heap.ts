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
  const headBytes = 8 + lengthBytes;
  const head = file.cursor(start, headBytes, 'global heap');
  head.expectSignature('GCOL');
  head.version(1);
  head.skip(3);
  const collectionBytes = head.length();
  const objects = new Map<number, Span>();
  const entryBytes = 8 + lengthBytes;
  for (let at = headBytes; at + entryBytes <= collectionBytes; ) {
    const entry = file.cursor(start + at, entryBytes, 'global heap');
    const index = entry.uint16();
    entry.skip(6);
    const sizeBytes = entry.length();
    // Object 0 is the free space, the last thing in a collection.
    if (index === 0) break;
    if (at + entryBytes + sizeBytes > collectionBytes) throw entry.malformed(`object ${index} leaves its collection`);
    objects.set(index, { offset: entry.baseOffset + entry.end, lengthBytes: sizeBytes });
    at += entryBytes + Math.ceil(sizeBytes / 8) * 8;
  }
  return objects;
}
