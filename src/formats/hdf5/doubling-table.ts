import type { Hdf5File } from './file.ts';
import type { FractalHeapHeader } from './fractal-heap-header.ts';
import { malformed } from './malformed.ts';

/** A direct block of a fractal heap. */
export interface DirectBlock {
  readonly address: number;
  /** The offset of the heap that its first byte has. */
  readonly heapOffset: number;
  readonly blockBytes: number;
  /** Bytes in the file, where filters were applied. */
  readonly storedBytes: number;
  /** Filters that were skipped. */
  readonly mask: number;
}

interface Slot {
  readonly row: number;
  readonly column: number;
  readonly heapOffset: number;
  readonly blockBytes: number;
}

/** The direct block that holds `target`, an offset of the heap (spec. III.F, "doubling table"). A step. */
export function findDirectBlock(file: Hdf5File, heap: FractalHeapHeader, target: number): DirectBlock {
  if (heap.rootAddress === undefined) throw malformed('fractal heap', 'it is empty, yet an object is said to be in it');
  if (heap.rootRows === 0) {
    const { rootAddress: address, startBlockBytes: blockBytes, rootStoredBytes: storedBytes, rootMask: mask } = heap;
    return { address, heapOffset: 0, blockBytes, storedBytes, mask };
  }
  const directRows = Math.log2(heap.maxDirectBytes / heap.startBlockBytes) + 2;
  let address: number | undefined = heap.rootAddress;
  let rows = heap.rootRows;
  let blockOffset = 0;
  for (;;) {
    const slot = findSlot(heap, rows, blockOffset, target);
    if (!slot || address === undefined) throw malformed('fractal heap', `it has no block at ${target}`, address);
    const isDirect = slot.row < directRows;
    const entry = readSlot(file, heap, address, rows, directRows, slot);
    if (entry.address === undefined)
      throw malformed('fractal heap', `the block at ${target} was never written`, address);
    const { heapOffset, blockBytes } = slot;
    if (isDirect) return { ...entry, address: entry.address, heapOffset, blockBytes };
    // An indirect block covers fewer rows than the one it stands in: so the descent ends.
    rows = Math.log2(blockBytes / (heap.startBlockBytes * heap.tableWidth)) + 1;
    if (!(rows < slot.row + 1)) throw malformed('fractal heap', 'an indirect block as large as its parent', address);
    address = entry.address;
    blockOffset = heapOffset;
  }
}

function findSlot(heap: FractalHeapHeader, rows: number, blockOffset: number, target: number): Slot | undefined {
  let rowOffset = blockOffset;
  for (let row = 0; row < rows && row < 64; row++) {
    const blockBytes = heap.startBlockBytes * 2 ** Math.max(0, row - 1);
    const rowBytes = blockBytes * heap.tableWidth;
    if (target < rowOffset + rowBytes) {
      const column = Math.floor((target - rowOffset) / blockBytes);
      return { row, column, heapOffset: rowOffset + column * blockBytes, blockBytes };
    }
    rowOffset += rowBytes;
  }
  return undefined;
}

interface Entry {
  readonly address: number | undefined;
  readonly storedBytes: number;
  readonly mask: number;
}

/** Reads one child pointer of the indirect block at `address`. */
function readSlot(
  file: Hdf5File,
  heap: FractalHeapHeader,
  address: number,
  rows: number,
  directRows: number,
  slot: Slot,
): Entry {
  const { offsetBytes, lengthBytes } = file.superblock;
  const directEntryBytes = offsetBytes + (heap.filters.length > 0 ? lengthBytes + 4 : 0);
  const directCount = Math.min(rows, directRows) * heap.tableWidth;
  const indirectCount = Math.max(0, rows - directRows) * heap.tableWidth;
  const headBytes = 5 + offsetBytes + Math.ceil(heap.maxHeapBits / 8);
  const bodyBytes = headBytes + directCount * directEntryBytes + indirectCount * offsetBytes;
  const cursor = file.checked(address, bodyBytes + 4, 'fractal heap indirect block');
  cursor.expectSignature('FHIB');
  cursor.version(0);
  cursor.skip(headBytes - 5);
  const index = slot.row * heap.tableWidth + slot.column;
  if (index >= directCount) {
    cursor.skip(directCount * directEntryBytes + (index - directCount) * offsetBytes);
    return { address: cursor.address(), storedBytes: 0, mask: 0 };
  }
  cursor.skip(index * directEntryBytes);
  const child = cursor.address();
  if (heap.filters.length === 0) return { address: child, storedBytes: 0, mask: 0 };
  return { address: child, storedBytes: cursor.length(), mask: cursor.uint32() };
}
