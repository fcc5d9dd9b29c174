import { type Level, levelsOf } from './array-levels.ts';
import { type ElementKind, expectElementBytes, expectHead, hasPage, readElements } from './chunk-elements.ts';
import type { ChunkGrid } from './chunk-grid.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import type { Steps } from './steps.ts';
import type { StoredChunk } from './stored-chunk.ts';

interface Header extends ElementKind {
  readonly maxBits: number;
  readonly indexElements: number;
  readonly minBlockElements: number;
  readonly minPointers: number;
  readonly pageElements: number;
  /** Entries behind this one were never written. */
  readonly count: number;
  readonly indexBlock: number | undefined;
}

/** What is still to be read: blocks of entries, and super blocks, which point at such. */
type Task =
  | {
      readonly kind: 'block';
      readonly address: number;
      readonly first: number;
      readonly count: number;
      readonly pages: Buffer | undefined;
    }
  | { readonly kind: 'page'; readonly address: number; readonly first: number; readonly count: number }
  | { readonly kind: 'super'; readonly address: number; readonly level: Level };

const WHAT = 'extensible array';

/** An extensible array (spec. VII.D): blocks of entries that double in size. One block a step. */
export class ExtensibleArraySteps implements Steps<StoredChunk> {
  readonly #file: Hdf5File;
  readonly #address: number;
  readonly #grid: ChunkGrid;
  readonly #isFiltered: boolean;
  #header: Header | undefined;
  #tasks: Task[] = [];

  constructor(file: Hdf5File, address: number, grid: ChunkGrid, isFiltered: boolean) {
    this.#file = file;
    this.#address = address;
    this.#grid = grid;
    this.#isFiltered = isFiltered;
  }

  next(): readonly StoredChunk[] | undefined {
    if (!this.#header) return this.#start();
    const task = this.#tasks.at(-1);
    if (!task) return undefined;
    const chunks: StoredChunk[] = [];
    const more = this.#run(this.#header, task, chunks);
    this.#tasks.pop();
    this.#tasks.push(...more.reverse());
    return chunks;
  }

  #start(): StoredChunk[] {
    const header = this.#readHeader();
    const chunks: StoredChunk[] = [];
    const tasks = header.indexBlock === undefined ? [] : this.#readIndexBlock(header, header.indexBlock, chunks);
    this.#header = header;
    this.#tasks = tasks.reverse();
    return chunks;
  }

  #run(header: Header, task: Task, chunks: StoredChunk[]): Task[] {
    if (task.kind === 'super') return this.#readSuperBlock(header, task.address, task.level);
    if (task.kind === 'page') {
      const cursor = this.#file.checked(task.address, task.count * header.elementBytes + 4, WHAT);
      this.#read(header, cursor, task.first, task.count, chunks);
      return [];
    }
    const isPaged = task.count > header.pageElements;
    const headBytes = 6 + this.#file.superblock.offsetBytes + Math.ceil(header.maxBits / 8);
    const cursor = this.#file.checked(
      task.address,
      headBytes + (isPaged ? 0 : task.count * header.elementBytes) + 4,
      WHAT,
    );
    expectHead(cursor, 'EADB', header.isFiltered);
    cursor.skip(headBytes - 6);
    if (isPaged) return this.#pages(header, task.address + headBytes + 4, task.first, task.count, task.pages);
    this.#read(header, cursor, task.first, task.count, chunks);
    return [];
  }

  #pages(header: Header, address: number, first: number, count: number, bitmap: Buffer | undefined): Task[] {
    const { pageElements, elementBytes } = header;
    const pages: Task[] = [];
    for (let page = 0; page * pageElements < count; page++) {
      if (first + page * pageElements >= header.count) break;
      if (bitmap && !hasPage(bitmap, page)) continue;
      const pageAddress = address + page * (pageElements * elementBytes + 4);
      pages.push({ kind: 'page', address: pageAddress, first: first + page * pageElements, count: pageElements });
    }
    return pages;
  }

  /** Entries beyond the last one that was written are not looked at: a block may be far larger than its use. */
  #read(header: Header, cursor: Cursor, first: number, count: number, chunks: StoredChunk[]): void {
    readElements(cursor, header, this.#grid, first, Math.min(count, header.count - first), chunks);
  }

  #readHeader(): Header {
    const { offsetBytes, lengthBytes } = this.#file.superblock;
    const cursor = this.#file.checked(this.#address, 16 + 6 * lengthBytes + offsetBytes, WHAT);
    expectHead(cursor, 'EAHD', this.#isFiltered);
    const elementBytes = cursor.uint8();
    expectElementBytes(cursor, elementBytes, offsetBytes, this.#isFiltered);
    const maxBits = cursor.uint8();
    const indexElements = cursor.uint8();
    const minBlockElements = cursor.uint8();
    const minPointers = cursor.uint8();
    const pageElements = 2 ** cursor.uint8();
    cursor.skip(4 * lengthBytes);
    const count = cursor.length();
    cursor.skip(lengthBytes);
    const indexBlock = cursor.address();
    if (!isPowerOfTwo(minBlockElements) || !isPowerOfTwo(minPointers) || maxBits > 64) {
      throw cursor.malformed(`blocks of ${minBlockElements} entries, ${minPointers} pointers, ${maxBits} bits`);
    }
    const kind = { elementBytes, isFiltered: this.#isFiltered };
    return { ...kind, maxBits, indexElements, minBlockElements, minPointers, pageElements, count, indexBlock };
  }

  #readIndexBlock(header: Header, address: number, chunks: StoredChunk[]): Task[] {
    const { offsetBytes } = this.#file.superblock;
    const { indexElements, minPointers } = header;
    const levels = levelsOf(header);
    // Spec. VII.D: the first levels have no super block, their data blocks hang on the index block.
    const directLevels = Math.min(levels.length, 2 * Math.log2(minPointers));
    const directBlocks = 2 * (minPointers - 1);
    const superBlocks = levels.length - directLevels;
    const entryBytes = indexElements * header.elementBytes + (directBlocks + superBlocks) * offsetBytes;
    const cursor = this.#file.checked(address, 6 + offsetBytes + entryBytes + 4, WHAT);
    expectHead(cursor, 'EAIB', header.isFiltered);
    cursor.skip(offsetBytes);
    const entries = cursor.sub(indexElements * header.elementBytes);
    this.#read(header, entries, 0, indexElements, chunks);
    const tasks: Task[] = [];
    for (const level of levels.slice(0, directLevels)) tasks.push(...this.#blocks(header, cursor, level, undefined));
    for (const level of levels.slice(directLevels)) {
      const superBlock = cursor.address();
      if (superBlock !== undefined && level.first < header.count)
        tasks.push({ kind: 'super', address: superBlock, level });
    }
    return tasks;
  }

  #readSuperBlock(header: Header, address: number, level: Level): Task[] {
    const { offsetBytes } = this.#file.superblock;
    const pages = level.blockElements > header.pageElements ? level.blockElements / header.pageElements : 0;
    const bitmapBytes = Math.ceil(pages / 8);
    const headBytes = 6 + offsetBytes + Math.ceil(header.maxBits / 8);
    const bodyBytes = level.blocks * (bitmapBytes + offsetBytes);
    const cursor = this.#file.checked(address, headBytes + bodyBytes + 4, WHAT);
    expectHead(cursor, 'EASB', header.isFiltered);
    cursor.skip(headBytes - 6);
    const at = cursor.take(level.blocks * bitmapBytes);
    const bitmaps = Buffer.from(cursor.bytes.subarray(at, cursor.at));
    return this.#blocks(header, cursor, level, bitmapBytes > 0 ? { bitmaps, bitmapBytes } : undefined);
  }

  #blocks(
    header: Header,
    cursor: Cursor,
    level: Level,
    paging: { bitmaps: Buffer; bitmapBytes: number } | undefined,
  ): Task[] {
    const tasks: Task[] = [];
    for (let block = 0; block < level.blocks; block++) {
      const address = cursor.address();
      const first = level.first + block * level.blockElements;
      if (address === undefined || first >= header.count) continue;
      const pages = paging?.bitmaps.subarray(block * paging.bitmapBytes, (block + 1) * paging.bitmapBytes);
      tasks.push({ kind: 'block', address, first, count: level.blockElements, pages });
    }
    return tasks;
  }
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
