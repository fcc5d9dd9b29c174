import { TidegateError } from '../../errors.ts';
import { Btree1Steps } from './btree1.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import type { Link } from './link.ts';
import { heapText, type LocalHeap, readLocalHeap } from './local-heap.ts';
import { malformed } from './malformed.ts';
import type { Message } from './object-header.ts';
import type { Steps } from './steps.ts';
import type { TreeGuard } from './tree-guard.ts';

const SOFT_LINK = 2;

interface OpenTable {
  readonly tree: Btree1Steps<number>;
  readonly heap: LocalHeap;
}

/** The links of an old-style group in the order of their names: its B-tree, symbol nodes and local heap. */
export class SymbolTableSteps implements Steps<Link> {
  readonly #file: Hdf5File;
  readonly #message: Message;
  readonly #guard: TreeGuard;
  #open: OpenTable | undefined;
  #isOver = false;
  #nodes: number[] = [];

  constructor(file: Hdf5File, message: Message, guard: TreeGuard) {
    this.#file = file;
    this.#message = message;
    this.#guard = guard;
  }

  next(): readonly Link[] | undefined {
    if (this.#isOver) return undefined;
    const { tree, heap } = (this.#open ??= this.#attemptStart());
    const address = this.#nodes.at(-1);
    if (address === undefined) {
      const nodes = tree.next();
      if (!nodes) return undefined;
      this.#nodes = nodes.reverse();
      return [];
    }
    try {
      const links = this.#readNode(heap, address);
      this.#nodes.pop();
      return links;
    } catch (error) {
      if (error instanceof TidegateError) this.#nodes.pop();
      throw error;
    }
  }

  #attemptStart(): OpenTable {
    try {
      return this.#start();
    } catch (error) {
      if (error instanceof TidegateError) this.#isOver = true;
      throw error;
    }
  }

  #start(): OpenTable {
    const cursor = this.#file.open(this.#message, 'symbol table message');
    const treeAddress = cursor.address();
    const heap = readLocalHeap(this.#file, cursor.address());
    if (treeAddress === undefined) throw malformed('symbol table message', 'the tree has no address', cursor.offset);
    const keyBytes = this.#file.superblock.lengthBytes;
    const kind = {
      nodeType: 0,
      keyBytes,
      what: 'group B-tree',
      entry: (_key: unknown, child: number) => child,
    } as const;
    return { heap, tree: new Btree1Steps<number>(this.#file, treeAddress, kind, this.#guard) };
  }

  /** A symbol table node (spec. III.B). */
  #readNode(heap: LocalHeap, nodeAddress: number): Link[] {
    const { offsetBytes } = this.#file.superblock;
    const head = this.#file.cursor(nodeAddress, 8, 'symbol table node');
    head.expectSignature('SNOD');
    head.version(1);
    head.skip(1);
    const count = head.uint16();
    const entryBytes = 2 * offsetBytes + 24;
    const bodyBytes = count * entryBytes;
    const cursor = this.#file.cursor(nodeAddress + 8, bodyBytes, 'symbol table node');
    const links = this.#readEntries(heap, cursor, entryBytes);
    this.#guard.visit(nodeAddress, 8 + bodyBytes);
    return links;
  }

  #readEntries(heap: LocalHeap, cursor: Cursor, entryBytes: number): Link[] {
    const links: Link[] = [];
    for (let { at } = cursor; at < cursor.end; at += entryBytes) links.push(this.#readEntry(heap, cursor, at));
    return links;
  }

  /** A symbol table entry (spec. III.C): where the name is, the address, what else it caches. */
  #readEntry(heap: LocalHeap, cursor: Cursor, at: number): Link {
    const { offsetBytes } = this.#file.superblock;
    const name = heapText(this.#file, heap, cursor.addressAt(at) ?? -1);
    const cacheAt = at + 2 * offsetBytes;
    const isSoft = cursor.view.getUint32(cacheAt, true) === SOFT_LINK;
    const kind = isSoft ? 'soft' : 'hard';
    const address = isSoft ? undefined : cursor.addressAt(at + offsetBytes);
    const target = isSoft ? heapText(this.#file, heap, cursor.view.getUint32(cacheAt + 8, true)) : undefined;
    return { name, kind, address, target, targetFile: undefined, creationOrder: undefined };
  }
}
