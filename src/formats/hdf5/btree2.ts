import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import type { Steps } from './steps.ts';
import type { TreeGuard } from './tree-guard.ts';

interface Level {
  /** Records that a node of this level has at most. */
  readonly maxRecords: number;
  /** Bytes that hold the number of all records of a subtree of this level. */
  readonly totalWidthBytes: number;
}

interface Header {
  readonly type: number;
  readonly nodeBytes: number;
  readonly recordBytes: number;
  readonly depth: number;
  readonly rootAddress: number | undefined;
  readonly rootCount: number;
  /** Records of the whole tree. */
  readonly totalCount: number;
}

interface Child {
  readonly address: number | undefined;
  readonly count: number;
  readonly level: number;
}

/** A node under way: its children and its own records alternate, child first. */
interface Frame<T> {
  readonly children: readonly Child[];
  readonly records: readonly T[];
  next: number;
}

const OVERHEAD_BYTES = 10;
const WHAT = 'B-tree (version 2)';

/** The records of a version 2 B-tree (spec. III.A.2) in the order of their keys, a node's records a step. */
export class Btree2Steps<T> implements Steps<T> {
  readonly #file: Hdf5File;
  readonly #address: number;
  readonly #type: readonly number[];
  readonly #record: (cursor: Cursor, type: number) => T;
  readonly #guard: TreeGuard;
  #header: Header | undefined;
  #levels: readonly Level[] = [];
  #childCountWidthBytes = 0;
  #frames: Frame<T>[] = [];

  /** @param types - record types that may be met here. @param record - makes something of one record; may be a step. */
  constructor(
    file: Hdf5File,
    address: number,
    types: readonly number[],
    record: (cursor: Cursor, type: number) => T,
    guard: TreeGuard,
  ) {
    this.#file = file;
    this.#address = address;
    this.#type = types;
    this.#record = record;
    this.#guard = guard;
  }

  /** The next records, or `undefined` behind the last one. A step. */
  next(): T[] | undefined {
    if (!this.#header) return this.#start();
    const frame = this.#frames.at(-1);
    if (!frame) return undefined;
    const position = frame.next >> 1;
    if ((frame.next & 1) === 1) {
      frame.next++;
      return frame.records.slice(position, position + 1);
    }
    const child = frame.children[position];
    if (!child) {
      this.#frames.pop();
      return [];
    }
    const records = this.#enter(this.#header, child);
    frame.next++;
    return records;
  }

  #start(): T[] {
    const header = readHeader(this.#file, this.#address, this.#type);
    this.#levels = levelsOf(header, this.#file.superblock.offsetBytes);
    this.#childCountWidthBytes = widthOf(this.#levels[0]!.maxRecords);
    const records =
      header.rootAddress === undefined || header.rootCount === 0
        ? []
        : this.#enter(header, { address: header.rootAddress, count: header.rootCount, level: header.depth });
    this.#header = header;
    return records;
  }

  /** Reads a node; the records of a leaf are the answer, an inner node becomes a frame. */
  #enter(header: Header, child: Child): T[] {
    const isLeaf = child.level === 0;
    const level = this.#levels[child.level]!;
    const pointerBytes = isLeaf ? 0 : this.#pointerBytes(child.level);
    const bodyBytes = child.count * header.recordBytes + (isLeaf ? 0 : (child.count + 1) * pointerBytes);
    const cursor = this.#file.checked(child.address, bodyBytes + OVERHEAD_BYTES, WHAT);
    cursor.expectSignature(isLeaf ? 'BTLF' : 'BTIN');
    cursor.version(0);
    if (cursor.uint8() !== header.type) throw cursor.malformed('a node has another type of record than its tree');
    if (child.count > level.maxRecords)
      throw cursor.malformed(`${child.count} records in a node that holds ${level.maxRecords}`);
    const records: T[] = [];
    for (let index = 0; index < child.count; index++) {
      records.push(this.#record(cursor.sub(header.recordBytes), header.type));
    }
    const children = isLeaf ? [] : this.#children(cursor, child);
    this.#guard.visit(child.address!, header.nodeBytes);
    if (isLeaf) return records;
    this.#frames.push({ children, records, next: 0 });
    return [];
  }

  #children(cursor: Cursor, parent: Child): Child[] {
    const children: Child[] = [];
    for (let index = 0; index <= parent.count; index++) {
      const address = cursor.address();
      const count = cursor.uint(this.#childCountWidthBytes);
      if (parent.level > 1) cursor.skip(this.#levels[parent.level - 1]!.totalWidthBytes);
      children.push({ address, count, level: parent.level - 1 });
    }
    return children;
  }

  #pointerBytes(level: number): number {
    const totalBytes = level > 1 ? this.#levels[level - 1]!.totalWidthBytes : 0;
    return this.#file.superblock.offsetBytes + this.#childCountWidthBytes + totalBytes;
  }
}

/**
 * Which of two trees over the same objects to read: the one by their order of creation, unless it has lost records.
 * The library keeps the names; 1.10 for one loses the order of an attribute that is written over in a heap. A step.
 */
export function fullerTree(
  file: Hdf5File,
  nameTree: number | undefined,
  orderTree: number | undefined,
  [nameType, orderType]: readonly [number, number],
): number | undefined {
  if (nameTree === undefined || orderTree === undefined) return orderTree ?? nameTree;
  const named = readHeader(file, nameTree, [nameType]).totalCount;
  return named > readHeader(file, orderTree, [orderType]).totalCount ? nameTree : orderTree;
}

/** Spec. III.A.2.a. A step. */
function readHeader(file: Hdf5File, address: number, types: readonly number[]): Header {
  const { offsetBytes, lengthBytes } = file.superblock;
  const cursor = file.checked(address, 22 + offsetBytes + lengthBytes, WHAT);
  cursor.expectSignature('BTHD');
  cursor.version(0);
  const type = cursor.uint8();
  if (!types.includes(type)) throw cursor.malformed(`expected records of type ${types.join(' or ')}, got ${type}`);
  const nodeBytes = cursor.uint32();
  const recordBytes = cursor.uint16();
  const depth = cursor.uint16();
  cursor.skip(2);
  const rootAddress = cursor.address();
  const rootCount = cursor.uint16();
  const totalCount = cursor.length();
  if (recordBytes === 0 || nodeBytes < OVERHEAD_BYTES + recordBytes) throw cursor.malformed('its nodes hold no record');
  // 64 levels of two records each are more than any file holds.
  if (depth > 64) throw cursor.malformed(`a depth of ${depth}`);
  return { type, nodeBytes, recordBytes, depth, rootAddress, rootCount, totalCount };
}

/** Node capacities from the leaves up: they give the widths of counts in child pointers (spec. III.A.2). */
function levelsOf(header: Header, offsetBytes: number): Level[] {
  const leafRecords = Math.floor((header.nodeBytes - OVERHEAD_BYTES) / header.recordBytes);
  const levels: Level[] = [{ maxRecords: leafRecords, totalWidthBytes: 0 }];
  let total = leafRecords;
  for (let depth = 1; depth <= header.depth; depth++) {
    const pointerBytes = offsetBytes + widthOf(leafRecords) + levels[depth - 1]!.totalWidthBytes;
    const maxRecords = Math.floor(
      (header.nodeBytes - OVERHEAD_BYTES - pointerBytes) / (header.recordBytes + pointerBytes),
    );
    total = (maxRecords + 1) * total + maxRecords;
    levels.push({ maxRecords, totalWidthBytes: widthOf(total) });
  }
  return levels;
}

/** Bytes that hold every number up to `limit`: `H5VM_limit_enc_size`. */
export function widthOf(limit: number): number {
  return Math.min(8, Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1);
}
