import { expectElementBytes, expectHead, hasPage, readElements } from './chunk-elements.ts';
import type { ChunkGrid } from './chunk-grid.ts';
import type { Hdf5File } from './file.ts';
import type { Steps } from './steps.ts';
import type { StoredChunk } from './stored-chunk.ts';

interface Open {
  readonly elementBytes: number;
  readonly count: number;
  readonly pageElements: number;
  /** Address of the first entry, or of the first page. */
  readonly address: number;
  /** Which pages were written; `undefined` if there are no pages. */
  readonly bitmap: Buffer | undefined;
}

/** A fixed array (spec. VII.C): an entry per chunk, in pages if they are many. One page a step. */
export class FixedArraySteps implements Steps<StoredChunk> {
  readonly #file: Hdf5File;
  readonly #address: number;
  readonly #grid: ChunkGrid;
  readonly #isFiltered: boolean;
  #open: Open | undefined;
  #page = 0;

  constructor(file: Hdf5File, address: number, grid: ChunkGrid, isFiltered: boolean) {
    this.#file = file;
    this.#address = address;
    this.#grid = grid;
    this.#isFiltered = isFiltered;
  }

  next(): readonly StoredChunk[] | undefined {
    if (!this.#open) {
      // What cannot be opened is not tried again.
      const open = this.#readHeader();
      this.#open = open;
    }
    const { elementBytes, count, pageElements, address, bitmap } = this.#open;
    const first = this.#page * pageElements;
    if (first >= count) return undefined;
    const here = Math.min(pageElements, count - first);
    const page = this.#page;
    if (bitmap && !hasPage(bitmap, page)) {
      this.#page++;
      return [];
    }
    const chunks: StoredChunk[] = [];
    const pageAddress = address + page * (pageElements * elementBytes + 4);
    const cursor = bitmap
      ? this.#file.checked(pageAddress, here * elementBytes + 4, 'fixed array')
      : this.#file.cursor(address, here * elementBytes, 'fixed array');
    readElements(cursor, { elementBytes, isFiltered: this.#isFiltered }, this.#grid, first, here, chunks);
    this.#page++;
    return chunks;
  }

  #readHeader(): Open {
    const { offsetBytes, lengthBytes } = this.#file.superblock;
    const cursor = this.#file.checked(this.#address, 12 + offsetBytes + lengthBytes, 'fixed array');
    expectHead(cursor, 'FAHD', this.#isFiltered);
    const elementBytes = cursor.uint8();
    expectElementBytes(cursor, elementBytes, offsetBytes, this.#isFiltered);
    const pageElements = 2 ** cursor.uint8();
    const count = cursor.length();
    const block = cursor.address();
    if (block === undefined) return { elementBytes, count: 0, pageElements, address: 0, bitmap: undefined };
    const headBytes = 6 + offsetBytes;
    if (count <= pageElements) {
      const all = this.#file.checked(block, headBytes + count * elementBytes + 4, 'fixed array');
      expectHead(all, 'FADB', this.#isFiltered);
      return { elementBytes, count, pageElements: Math.max(1, count), address: block + headBytes, bitmap: undefined };
    }
    const bitmapBytes = Math.ceil(Math.ceil(count / pageElements) / 8);
    const head = this.#file.checked(block, headBytes + bitmapBytes + 4, 'fixed array');
    expectHead(head, 'FADB', this.#isFiltered);
    head.skip(offsetBytes);
    const at = head.take(bitmapBytes);
    const bitmap = Buffer.from(head.bytes.subarray(at, at + bitmapBytes));
    return { elementBytes, count, pageElements, address: block + headBytes + bitmapBytes + 4, bitmap };
  }
}
