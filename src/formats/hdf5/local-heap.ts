import type { Hdf5File } from './file.ts';
import { malformed } from './malformed.ts';
import { decodeText, textEnd } from './text.ts';

/** A local heap: the names of an old-style group (spec. III.D). */
export interface LocalHeap {
  readonly dataAddress: number;
  readonly dataBytes: number;
}

/** Names are looked for in pieces of this many bytes. */
const NAME_BYTES = 256;

/** Reads the head of the local heap at `address`. A step. */
export function readLocalHeap(file: Hdf5File, address: number | undefined): LocalHeap {
  const { offsetBytes, lengthBytes } = file.superblock;
  const cursor = file.cursor(address, 8 + 2 * lengthBytes + offsetBytes, 'local heap');
  cursor.expectSignature('HEAP');
  cursor.version(0);
  cursor.skip(3);
  const dataBytes = cursor.length();
  cursor.skip(lengthBytes);
  const dataAddress = cursor.address();
  if (dataAddress === undefined) throw cursor.malformed('its data have no address');
  return { dataAddress, dataBytes };
}

/** The text at `start` of the heap's data, up to its NUL. A step. */
export function heapText(file: Hdf5File, heap: LocalHeap, start: number): string {
  const offset = file.superblock.baseOffset + heap.dataAddress + start;
  for (let byteCount = NAME_BYTES; ; byteCount *= 8) {
    const available = Math.min(byteCount, heap.dataBytes - start);
    if (!(start >= 0 && available > 0))
      throw malformed('local heap', `a name begins at ${start} of ${heap.dataBytes} bytes`, heap.dataAddress);
    const here = Math.max(1, Math.min(available, file.sizeBytes - offset));
    const { bytes, offset: pageOffset } = file.page({ offset, lengthBytes: here, bytes: undefined }, 'local heap');
    const at = offset - pageOffset;
    const nul = textEnd(bytes, at, at + here);
    if (nul < at + here) return decodeText(bytes, at, nul);
    if (here < byteCount) throw malformed('local heap', `the name at ${start} has no end`, offset);
  }
}
