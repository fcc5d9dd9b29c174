import type { Hdf5File } from './file.ts';
import { type Filter, parseFilters } from './filter-pipeline.ts';

/** The head of a fractal heap: what its IDs look like and how its blocks grow (spec. III.F). */
export interface FractalHeapHeader {
  readonly idBytes: number;
  readonly hasBlockChecksums: boolean;
  readonly maxManagedBytes: number;
  readonly hugeTreeAddress: number | undefined;
  /** Blocks in a row of the doubling table. */
  readonly tableWidth: number;
  readonly startBlockBytes: number;
  readonly maxDirectBytes: number;
  readonly maxHeapBits: number;
  readonly rootAddress: number | undefined;
  /** Rows of the root if it is an indirect block; 0: it is a direct one. */
  readonly rootRows: number;
  /** Filters that all blocks and huge objects have gone through. */
  readonly filters: readonly Filter[];
  readonly rootStoredBytes: number;
  readonly rootMask: number;
}

/** Reads the head at `address` and checks that its numbers can be. A step. */
export function readFractalHeapHeader(file: Hdf5File, address: number | undefined): FractalHeapHeader {
  const { offsetBytes, lengthBytes } = file.superblock;
  const what = 'fractal heap';
  const probe = file.cursor(address, 9, what);
  probe.skip(7);
  const filterBytes = probe.uint16();
  const extraBytes = filterBytes > 0 ? lengthBytes + 4 + filterBytes : 0;
  const cursor = file.checked(address, 22 + 12 * lengthBytes + 3 * offsetBytes + extraBytes + 4, what);
  cursor.expectSignature('FRHP');
  cursor.version(0);
  const idBytes = cursor.uint16();
  cursor.skip(2);
  const hasBlockChecksums = (cursor.uint8() & 2) !== 0;
  const maxManagedBytes = cursor.uint32();
  cursor.skip(lengthBytes);
  const hugeTreeAddress = cursor.address();
  cursor.skip(lengthBytes + offsetBytes + 8 * lengthBytes);
  const tableWidth = cursor.uint16();
  const startBlockBytes = cursor.length();
  const maxDirectBytes = cursor.length();
  const maxHeapBits = cursor.uint16();
  cursor.skip(2);
  const rootAddress = cursor.address();
  const rootRows = cursor.uint16();
  if (!isPowerOfTwo(tableWidth) || !isPowerOfTwo(startBlockBytes) || !isPowerOfTwo(maxDirectBytes)) {
    throw cursor.malformed('its table is not made of powers of two');
  }
  if (startBlockBytes > maxDirectBytes || maxHeapBits > 64 || maxHeapBits === 0 || idBytes < 3) {
    throw cursor.malformed(
      `blocks of ${startBlockBytes} to ${maxDirectBytes} bytes, ${maxHeapBits} bits, IDs of ${idBytes} bytes`,
    );
  }
  const rootStoredBytes = filterBytes > 0 ? cursor.length() : 0;
  const rootMask = filterBytes > 0 ? cursor.uint32() : 0;
  const filters = filterBytes > 0 ? parseFilters(cursor.sub(filterBytes)) : [];
  return {
    ...{ idBytes, hasBlockChecksums, maxManagedBytes, hugeTreeAddress, tableWidth, startBlockBytes, maxDirectBytes },
    ...{ maxHeapBits, rootAddress, rootRows, filters, rootStoredBytes, rootMask },
  };
}

function isPowerOfTwo(value: number): boolean {
  return value >= 1 && value < 2 ** 40 && Number.isInteger(Math.log2(value));
}
