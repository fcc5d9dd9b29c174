import { Btree2Steps, fullerTree } from './btree2.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import { FractalHeap } from './fractal-heap.ts';
import { type Link, parseLink } from './link.ts';
import { findMessage, MESSAGE, type ObjectHeader } from './object-header.ts';
import { ChainedSteps, MappedSteps, SortedSteps, type Steps, UntilErrorSteps } from './steps.ts';
import { SymbolTableSteps } from './symbol-table.ts';
import type { TreeGuard } from './tree-guard.ts';

/** Groups of the new style up to this many links are listed by name, as the library does; larger ones as they come. */
const MAX_SORTED = 4096;

/**
 * The links of a group, whichever way it keeps them: symbol table, link messages or heap. By name (bytes of UTF-8);
 * a group of the new style with more than 4,096 links in the order of its index. A step makes the iteration, and
 * each `next()` of it is a step.
 */
export function openLinks(file: Hdf5File, header: ObjectHeader, guard: TreeGuard): Steps<Link> {
  const table = findMessage(header, MESSAGE.SYMBOL_TABLE);
  if (table) return new SymbolTableSteps(file, table, guard);
  const compact = new MappedSteps(header.links, (message) => parseLink(file.open(message, 'link')));
  const info = findMessage(header, MESSAGE.LINK_INFO);
  const dense = info ? openDense(file, file.open(info, 'link info'), guard) : undefined;
  return new SortedSteps(dense ? new ChainedSteps([compact, dense]) : compact, byName, MAX_SORTED);
}

/** Spec. IV.A.2.c: the heap has the link messages, a tree over it their order of creation, another their names. */
function openDense(file: Hdf5File, info: Cursor, guard: TreeGuard): Steps<Link> | undefined {
  info.version(0);
  const flags = info.uint8();
  if (flags & 1) info.skip(8);
  const heapAddress = info.address();
  const nameTree = info.address();
  const orderTree = flags & 2 ? info.address() : undefined;
  const tree = fullerTree(file, nameTree, orderTree, [5, 6]);
  if (heapAddress === undefined || tree === undefined) return undefined;
  const read = (record: Cursor, type: number) => {
    record.skip(type === 6 ? 8 : 4);
    const id = record.bytes.subarray(record.at, record.end);
    const span = FractalHeap.open(file, heapAddress).object(file, id);
    return parseLink(file.open(span, 'link'));
  };
  return new UntilErrorSteps(new Btree2Steps(file, tree, [5, 6], read, guard));
}

function byName(a: Link, b: Link): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
