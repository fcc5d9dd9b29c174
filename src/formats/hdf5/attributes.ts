import { type Attribute, parseAttribute } from './attribute.ts';
import { Btree2Steps, fullerTree } from './btree2.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import { FractalHeap } from './fractal-heap.ts';
import { findMessage, MESSAGE, type Message, type ObjectHeader } from './object-header.ts';
import { resolveMessage, sharedHeap } from './shared-message.ts';
import { ChainedSteps, MappedSteps, type Steps, UntilErrorSteps } from './steps.ts';
import type { TreeGuard } from './tree-guard.ts';

/**
 * The attributes of an object in the file's order: those in its header, then those in its heap (oldest first where
 * that is known). A step makes the iteration, and each `next()` of it is a step.
 */
export function openAttributes(file: Hdf5File, header: ObjectHeader, guard: TreeGuard): Steps<Attribute> {
  const compact = new MappedSteps(header.attributes, (message) => readAttribute(file, message));
  const dense = openDenseAttributes(file, header, guard);
  return dense ? new ChainedSteps([compact, dense]) : compact;
}

/** An attribute in a header. A step. */
export function readAttribute(file: Hdf5File, message: Message): Attribute {
  return parseAttribute(file, message.isShared ? resolveMessage(file, message).span : message, message.creationOrder);
}

/** The attributes in the heap of an object, if it has one. A step makes the iteration, and each `next()` is a step. */
export function openDenseAttributes(
  file: Hdf5File,
  header: ObjectHeader,
  guard: TreeGuard,
): Steps<Attribute> | undefined {
  const message = findMessage(header, MESSAGE.ATTRIBUTE_INFO);
  return message && openDense(file, file.open(message, 'attribute info'), guard);
}

/** Spec. IV.A.2.v: the heap has the attribute messages, a tree over it their order of creation, another their names. */
function openDense(file: Hdf5File, info: Cursor, guard: TreeGuard): Steps<Attribute> | undefined {
  info.version(0);
  const flags = info.uint8();
  if (flags & 1) info.skip(2);
  const heapAddress = info.address();
  const nameTree = info.address();
  const orderTree = flags & 2 ? info.address() : undefined;
  const tree = fullerTree(file, nameTree, orderTree, [8, 9]);
  if (heapAddress === undefined || tree === undefined) return undefined;
  const read = (record: Cursor) => {
    const idStart = record.take(8);
    const id = record.bytes.subarray(idStart, idStart + 8);
    const isShared = (record.uint8() & 2) !== 0;
    const creationOrder = record.uint32();
    const heap = isShared ? sharedHeap(file, MESSAGE.ATTRIBUTE) : FractalHeap.open(file, heapAddress);
    return parseAttribute(file, heap.object(file, id), creationOrder);
  };
  return new UntilErrorSteps(new Btree2Steps(file, tree, [8, 9], read, guard));
}
