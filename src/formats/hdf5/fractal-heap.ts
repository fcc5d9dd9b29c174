import { Btree2Steps, widthOf } from './btree2.ts';
import { verifyChecksum } from './checksum.ts';
import type { Cursor } from './cursor.ts';
import { decodeChunk } from './decode-chunk.ts';
import { type DirectBlock, findDirectBlock } from './doubling-table.ts';
import type { Hdf5File } from './file.ts';
import { type FractalHeapHeader, readFractalHeapHeader } from './fractal-heap-header.ts';
import { malformed } from './malformed.ts';
import { type Span, subspan } from './span.ts';
import { TreeGuard } from './tree-guard.ts';

const WHAT = 'fractal heap';
/** Objects larger than this are not decoded in memory: no link or attribute is. */
const MAX_OBJECT_BYTES = 32 * 2 ** 20;

interface HugeObject {
  readonly id: number;
  readonly address: number | undefined;
  readonly storedBytes: number;
  readonly mask: number;
  readonly lengthBytes: number;
}

/** A fractal heap (spec. III.F): the links and attributes of objects that have many of them. */
export class FractalHeap {
  readonly #header: FractalHeapHeader;
  /** The direct block that was checked, or decoded, last. */
  #latest: { readonly address: number; readonly span: Span } | undefined;

  private constructor(header: FractalHeapHeader) {
    this.#header = header;
  }

  /** Reads the head of the heap at `address`. A step. */
  static open(file: Hdf5File, address: number | undefined): FractalHeap {
    return file.remember('fractal heap', address ?? -1, () => new FractalHeap(readFractalHeapHeader(file, address)));
  }

  /** Bytes of a heap ID. */
  get idBytes(): number {
    return this.#header.idBytes;
  }

  /** Where the object with this heap ID stands. A step. */
  object(file: Hdf5File, id: Buffer): Span {
    const cursor = file.open({ offset: -1, lengthBytes: id.length, bytes: id }, 'heap ID');
    const first = cursor.uint8();
    const kind = (first >> 4) & 3;
    if (first & 0xc0 || kind === 3) throw malformed('heap ID', `it begins with ${first}`);
    if (kind === 0) return this.#managed(file, cursor);
    if (kind === 1) return this.#huge(file, cursor);
    const isLong = this.#header.idBytes - 1 > 16;
    const lengthBytes = (isLong ? ((first & 0x0f) << 8) | cursor.uint8() : first & 0x0f) + 1;
    const at = cursor.take(lengthBytes);
    return { offset: -1, lengthBytes, bytes: Buffer.from(id.subarray(at, at + lengthBytes)) };
  }

  #managed(file: Hdf5File, id: Cursor): Span {
    const { maxHeapBits, maxDirectBytes, maxManagedBytes } = this.#header;
    const heapOffset = id.uint(Math.ceil(maxHeapBits / 8));
    const lengthBytes = id.uint(Math.min(Math.ceil(Math.log2(maxDirectBytes) / 8), widthOf(maxManagedBytes)));
    const block = findDirectBlock(file, this.#header, heapOffset);
    const start = heapOffset - block.heapOffset;
    if (start + lengthBytes > block.blockBytes) throw malformed(WHAT, 'an object leaves its block', block.address);
    return subspan(this.#block(file, block), start, lengthBytes);
  }

  #block(file: Hdf5File, block: DirectBlock): Span {
    if (this.#latest?.address === block.address) return this.#latest.span;
    const { filters, hasBlockChecksums } = this.#header;
    const lengthBytes = block.blockBytes;
    let span: Span = { offset: file.superblock.baseOffset + block.address, lengthBytes };
    if (filters.length > 0) {
      const stored = file.cursor(block.address, block.storedBytes, WHAT);
      const decoded = decodeChunk(stored.bytes.subarray(stored.at, stored.end), filters, block.mask, lengthBytes);
      if (decoded.length < lengthBytes) throw stored.malformed(`a block of ${lengthBytes} bytes has ${decoded.length}`);
      // A copy: what no filter has touched is still the page, whose memory is used again.
      span = { offset: -1, lengthBytes, bytes: Buffer.from(decoded) };
    }
    if (hasBlockChecksums) this.#verify(file, span);
    this.#latest = { address: block.address, span };
    return span;
  }

  /** The checksum of a direct block stands in its head, and is made with zeros in its own place. */
  #verify(file: Hdf5File, span: Span): void {
    const cursor = file.open(span, WHAT);
    const start = cursor.at;
    cursor.expectSignature('FHDB');
    cursor.version(0);
    cursor.skip(file.superblock.offsetBytes + Math.ceil(this.#header.maxHeapBits / 8));
    const field = cursor.take(4);
    const copy = Buffer.allocUnsafe(span.lengthBytes + 4);
    cursor.bytes.copy(copy, 0, start, cursor.end);
    copy.fill(0, field - start, field - start + 4);
    cursor.bytes.copy(copy, span.lengthBytes, field, field + 4);
    verifyChecksum('fractal heap block', copy, 0, span.lengthBytes, span.offset);
  }

  /** An object that is too large for a block stands by itself; its ID says where, or is the key of a B-tree. */
  #huge(file: Hdf5File, id: Cursor): Span {
    const { filters, idBytes } = this.#header;
    const { offsetBytes, lengthBytes: widthBytes } = file.superblock;
    const directBytes = offsetBytes + widthBytes + (filters.length > 0 ? 4 + widthBytes : 0);
    const object =
      directBytes <= idBytes - 1
        ? this.#hugeObject(id, filters.length > 0, false)
        : this.#findHuge(file, id.uint(Math.min(widthBytes, idBytes - 1)));
    if (object.address === undefined) throw malformed(WHAT, 'a huge object has no address');
    const offset = file.superblock.baseOffset + object.address;
    if (filters.length === 0) return { offset, lengthBytes: object.storedBytes };
    if (object.lengthBytes > MAX_OBJECT_BYTES)
      throw malformed(WHAT, `an object of ${object.lengthBytes} bytes`, offset);
    const stored = file.cursor(object.address, object.storedBytes, WHAT);
    const bytes = decodeChunk(stored.bytes.subarray(stored.at, stored.end), filters, object.mask, object.lengthBytes);
    return { offset: -1, lengthBytes: bytes.length, bytes: Buffer.from(bytes) };
  }

  #findHuge(file: Hdf5File, key: number): HugeObject {
    const { hugeTreeAddress } = this.#header;
    if (hugeTreeAddress === undefined) throw malformed(WHAT, 'it has no tree of huge objects');
    const guard = new TreeGuard(file.sizeBytes);
    const tree = new Btree2Steps(
      file,
      hugeTreeAddress,
      [1, 2],
      (record, type) => this.#hugeObject(record, type === 2, true),
      guard,
    );
    for (let batch = tree.next(); batch; batch = tree.next()) {
      for (const object of batch) if (object.id === key) return object;
    }
    throw malformed(WHAT, `it has no huge object ${key}`, hugeTreeAddress);
  }

  #hugeObject(cursor: Cursor, isFiltered: boolean, hasId: boolean): HugeObject {
    const address = cursor.address();
    const storedBytes = cursor.length();
    const mask = isFiltered ? cursor.uint32() : 0;
    const lengthBytes = isFiltered ? cursor.length() : storedBytes;
    return { id: hasId ? cursor.length() : -1, address, storedBytes, mask, lengthBytes };
  }
}
