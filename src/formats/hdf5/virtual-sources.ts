import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import { globalHeapObject } from './global-heap.ts';
import type { VirtualLayout } from './layout.ts';
import { unsupported } from './malformed.ts';

/** A dataset that a virtual dataset takes elements from. */
export interface VirtualSource {
  /** As written; `.` is the file itself. */
  readonly file: string;
  readonly path: string;
}

/** The sources of a virtual dataset (spec. "Virtual Dataset Mapping Global Heap Block"). A step. */
export function readVirtualSources(file: Hdf5File, layout: VirtualLayout): VirtualSource[] {
  if (!layout.heapAddress) return [];
  const span = globalHeapObject(file, layout.heapAddress, layout.heapIndex);
  const cursor = file.open(span, 'virtual dataset');
  cursor.version(0);
  const count = cursor.length();
  const sources: VirtualSource[] = [];
  for (let index = 0; index < count; index++) {
    sources.push({ file: cursor.textToNul(), path: cursor.textToNul() });
    skipSelection(cursor);
    skipSelection(cursor);
  }
  return sources;
}

const HYPERSLAB = 2;

/** Spec. VIII.A, "Dataspace selection": none, points, hyperslabs or all. */
function skipSelection(cursor: Cursor): void {
  const type = cursor.uint32();
  const version = cursor.uint32();
  if (version === 1) {
    cursor.skip(4);
    cursor.skip(cursor.uint32());
  } else if (type === HYPERSLAB && version === 2) {
    cursor.skip(1);
    cursor.skip(cursor.uint32());
  } else if (type === HYPERSLAB && version === 3) {
    const isRegular = (cursor.uint8() & 1) !== 0;
    const widthBytes = cursor.uint8();
    if (widthBytes !== 2 && widthBytes !== 4 && widthBytes !== 8)
      throw cursor.malformed(`numbers of ${widthBytes} bytes`);
    const rank = cursor.uint32();
    const numbers = isRegular ? 4 * rank : 2 * rank * cursor.uint(widthBytes);
    cursor.skip(numbers * widthBytes);
  } else throw unsupported('virtual dataset', `a selection of type ${type}, version ${version}`, cursor.offset);
}
