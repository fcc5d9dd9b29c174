import { Btree1Steps } from './btree1.ts';
import { Btree2Steps } from './btree2.ts';
import { ChunkGrid } from './chunk-grid.ts';
import type { Cursor } from './cursor.ts';
import type { Dataspace } from './dataspace.ts';
import { ExtensibleArraySteps } from './extensible-array.ts';
import type { Hdf5File } from './file.ts';
import { FixedArraySteps } from './fixed-array.ts';
import type { ChunkedLayout } from './layout.ts';
import { malformed } from './malformed.ts';
import { MappedSteps, type Steps, UntilErrorSteps } from './steps.ts';
import type { StoredChunk } from './stored-chunk.ts';
import { TreeGuard } from './tree-guard.ts';

/** The chunks of a dataset that were ever written, in the order of its index (C order, but for unlimited axes). */
export function openChunks(
  file: Hdf5File,
  layout: ChunkedLayout,
  space: Dataspace,
  isFiltered: boolean,
): Steps<StoredChunk> {
  return new UntilErrorSteps(openIndex(file, layout, space, isFiltered));
}

function openIndex(file: Hdf5File, layout: ChunkedLayout, space: Dataspace, isFiltered: boolean): Steps<StoredChunk> {
  const { address, index, chunkShape, elementBytes } = layout;
  if (address === undefined) return new MappedSteps<StoredChunk, StoredChunk>([], (chunk) => chunk);
  if (chunkShape.length !== space.shape.length) {
    throw malformed('layout', `chunks of ${chunkShape.length} axes in a dataset of ${space.shape.length}`);
  }
  const limits = space.maxShape ?? space.shape;
  const slowAxis = index.kind === 'extensible-array' ? Math.max(0, limits.indexOf(null)) : 0;
  const grid = new ChunkGrid(chunkShape, elementBytes, limits, slowAxis);
  switch (index.kind) {
    case 'btree1':
      return chunkTree1(file, address, chunkShape.length);
    case 'btree2':
      return chunkTree2(file, address, grid);
    case 'single': {
      const storedBytes = index.storedBytes ?? grid.chunkBytes;
      const chunk = { start: chunkShape.map(() => 0), address, storedBytes, mask: index.mask };
      return new MappedSteps([chunk], (only) => only);
    }
    case 'implicit':
      return new ImplicitSteps(address, grid);
    case 'fixed-array':
      return new FixedArraySteps(file, address, grid, isFiltered);
    case 'extensible-array':
      return new ExtensibleArraySteps(file, address, grid, isFiltered);
  }
}

/** Spec. III.A.1, node type 1: bytes, mask, and where the chunk begins on each axis, that of the element included. */
function chunkTree1(file: Hdf5File, address: number, rank: number): Steps<StoredChunk> {
  const entry = (key: Cursor, child: number): StoredChunk => {
    const storedBytes = key.uint32();
    const mask = key.uint32();
    const start = Array.from({ length: rank }, () => key.uint(8));
    return { start, address: child, storedBytes, mask };
  };
  const kind = { nodeType: 1, keyBytes: 8 + 8 * (rank + 1), what: 'chunk B-tree', entry } as const;
  return new Btree1Steps(file, address, kind, new TreeGuard(file.sizeBytes));
}

/** Spec. III.A.2, record types 10 and 11: cells of the grid, not elements. */
function chunkTree2(file: Hdf5File, address: number, grid: ChunkGrid): Steps<StoredChunk> {
  const { chunkShape, chunkBytes } = grid;
  const record = (cursor: Cursor, type: number): StoredChunk => {
    const chunkAddress = cursor.address() ?? -1;
    const widthBytes = cursor.remainingBytes - 4 - 8 * chunkShape.length;
    if (type === 11 && (widthBytes < 1 || widthBytes > 8)) throw cursor.malformed(`chunk sizes of ${widthBytes} bytes`);
    const storedBytes = type === 11 ? cursor.uint(widthBytes) : chunkBytes;
    const mask = type === 11 ? cursor.uint32() : 0;
    const start = chunkShape.map((length) => cursor.uint(8) * length);
    return { start, address: chunkAddress, storedBytes, mask };
  };
  return new Btree2Steps(file, address, [10, 11], record, new TreeGuard(file.sizeBytes));
}

/** Spec. VII, "Implicit": all chunks in one row, nothing else. */
class ImplicitSteps implements Steps<StoredChunk> {
  readonly #address: number;
  readonly #grid: ChunkGrid;
  #next = 0;

  constructor(address: number, grid: ChunkGrid) {
    this.#address = address;
    this.#grid = grid;
  }

  next(): readonly StoredChunk[] | undefined {
    if (this.#next >= this.#grid.chunkCount) return undefined;
    const { chunkBytes } = this.#grid;
    const number = this.#next++;
    const address = this.#address + number * chunkBytes;
    return [{ start: this.#grid.startOf(number), address, storedBytes: chunkBytes, mask: 0 }];
  }
}
