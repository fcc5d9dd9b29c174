import type { Hdf5File } from './file.ts';
import { heapText, readLocalHeap } from './local-heap.ts';
import type { Message } from './object-header.ts';

/** Names beyond these are not read. */
const MAX_NAMES = 64;

/** Names of the files that have a dataset's elements (spec. IV.A.2.h, "External Data Files"), as written there. A step. */
export function readExternalFiles(file: Hdf5File, message: Message): string[] {
  const cursor = file.open(message, 'external files');
  cursor.version(1);
  cursor.skip(5);
  const count = Math.min(cursor.uint16(), MAX_NAMES);
  const heap = readLocalHeap(file, cursor.address());
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    names.push(heapText(file, heap, cursor.length()));
    cursor.skip(2 * file.superblock.lengthBytes);
  }
  return names;
}
