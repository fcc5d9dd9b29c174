import { TidegateError } from '../../errors.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import type { TreeGuard } from './tree-guard.ts';

/** How to read the keys of one kind of version 1 B-tree, and what a leaf's key and child become. */
export interface Btree1Kind<T> {
  /** "Node type": 0 for groups, 1 for raw data chunks. */
  readonly nodeType: 0 | 1;
  readonly keyBytes: number;
  readonly what: string;
  /** What a leaf has under one key; `undefined` to leave it out. May be a step. */
  entry(key: Cursor, childAddress: number): T | undefined;
}

interface Pending {
  readonly address: number;
  /** Level that the node must have; `undefined` for the root. */
  readonly level: number | undefined;
}

/** The leaves of a version 1 B-tree (spec. III.A.1), from the least key to the largest, one node a step. */
export class Btree1Steps<T> {
  readonly #file: Hdf5File;
  readonly #kind: Btree1Kind<T>;
  readonly #guard: TreeGuard;
  /** The next node last. */
  readonly #pending: Pending[];

  constructor(file: Hdf5File, address: number, kind: Btree1Kind<T>, guard: TreeGuard) {
    this.#file = file;
    this.#kind = kind;
    this.#guard = guard;
    this.#pending = [{ address, level: undefined }];
  }

  /** What the next node has, or `undefined` behind the last one. A step. */
  next(): T[] | undefined {
    const node = this.#pending.at(-1);
    if (!node) return undefined;
    try {
      return this.#read(node);
    } catch (error) {
      if (error instanceof TidegateError) this.#pending.pop();
      throw error;
    }
  }

  #read(node: Pending): T[] {
    const { cursor, level, count, nodeBytes } = this.#open(node);
    const entries: T[] = [];
    const children: Pending[] = [];
    for (let index = 0; index < count; index++) {
      const key = cursor.sub(this.#kind.keyBytes);
      const address = cursor.address();
      if (address === undefined) throw cursor.malformed('a child has no address');
      if (level > 0) children.push({ address, level: level - 1 });
      else {
        const entry = this.#kind.entry(key, address);
        if (entry !== undefined) entries.push(entry);
      }
    }
    this.#guard.visit(node.address, nodeBytes);
    this.#pending.pop();
    while (children.length > 0) this.#pending.push(children.pop()!);
    return entries;
  }

  #open(node: Pending): { cursor: Cursor; level: number; count: number; nodeBytes: number } {
    const { what, nodeType, keyBytes } = this.#kind;
    const headBytes = 8 + 2 * this.#file.superblock.offsetBytes;
    const head = this.#file.cursor(node.address, headBytes, what);
    head.expectSignature('TREE');
    const type = head.uint8();
    if (type !== nodeType) throw head.malformed(`expected a node of type ${nodeType}, got ${type}`);
    const level = head.uint8();
    // A child is one level below its parent: so the descent ends, whatever the addresses say.
    if (node.level !== undefined && node.level !== level) {
      throw head.malformed(`expected a node of level ${node.level}, got ${level}`);
    }
    const count = head.uint16();
    const nodeBytes = headBytes + count * (keyBytes + this.#file.superblock.offsetBytes);
    const cursor = this.#file.cursor(node.address, nodeBytes, what);
    cursor.skip(headBytes);
    return { cursor, level, count, nodeBytes };
  }
}
