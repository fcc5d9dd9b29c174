import type { Hdf5File } from './file.ts';
import { FractalHeap } from './fractal-heap.ts';
import { malformed, unsupported } from './malformed.ts';
import { findMessage, MESSAGE, type Message, readObjectHeader } from './object-header.ts';
import type { Span } from './span.ts';

/** Where a message really stands, and the address of the named datatype if it stands in one. */
export interface Resolved {
  readonly span: Span;
  readonly committedAddress: number | undefined;
}

/** Follows a shared message (spec. IV.A.2, "Shared Message") to where it is kept. A step. */
export function resolveMessage(file: Hdf5File, message: Pick<Message, 'type' | 'isShared'> & Span): Resolved {
  if (!message.isShared) return { span: message, committedAddress: undefined };
  const cursor = file.open(message, 'shared message');
  return resolvePointer(file, message.type, cursor);
}

/** Follows the pointer of a shared message of `type` that `cursor` stands at. A step. */
export function resolvePointer(file: Hdf5File, type: number, cursor: ReturnType<Hdf5File['open']>): Resolved {
  const version = cursor.version(1, 3);
  const kind = cursor.uint8();
  // Version 1 kept a whole symbol table entry, of which a name offset stands before the address.
  if (version === 1) cursor.skip(6 + file.superblock.lengthBytes);
  if (version === 3 && kind === 1) {
    const heap = sharedHeap(file, type);
    const id = cursor.bytes.subarray(cursor.at, cursor.at + 8);
    cursor.skip(8);
    return { span: heap.object(file, id), committedAddress: undefined };
  }
  const address = cursor.address();
  if (address === undefined) throw cursor.malformed('it has no address');
  const found = findMessage(readObjectHeader(file, address), type);
  if (!found)
    throw malformed('shared message', `the object at ${address} has no message of type ${type}`, cursor.offset);
  if (found.isShared) throw malformed('shared message', 'it points to another shared message', cursor.offset);
  return { span: found, committedAddress: address };
}

interface SharedIndex {
  readonly typeFlags: number;
  readonly heapAddress: number | undefined;
}

/** The heap that keeps shared messages of `type` (spec. III.G, "Shared Object Header Message Table"). A step. */
export function sharedHeap(file: Hdf5File, type: number): FractalHeap {
  const index = sharedIndexes(file).find((candidate) => candidate.typeFlags & (1 << type));
  if (!index) throw malformed('shared message', `the file has no shared heap for messages of type ${type}`);
  return FractalHeap.open(file, index.heapAddress);
}

function sharedIndexes(file: Hdf5File): readonly SharedIndex[] {
  return file.remember('shared message table', 0, () => {
    const { extensionAddress, offsetBytes } = file.superblock;
    if (extensionAddress === undefined) throw malformed('shared message', 'the file has no superblock extension');
    const message = findMessage(readObjectHeader(file, extensionAddress), MESSAGE.SHARED_TABLE);
    if (!message) throw malformed('shared message', 'the file has no table of shared messages');
    const pointer = file.open(message, 'shared message table');
    pointer.version(0);
    const address = pointer.address();
    const count = pointer.uint8();
    if (count > 8) throw unsupported('shared message table', `${count} indexes`, pointer.offset);
    const table = file.checked(address, 4 + count * (14 + 2 * offsetBytes) + 4, 'shared message table');
    table.expectSignature('SMTB');
    return Array.from({ length: count }, () => {
      table.skip(2);
      const typeFlags = table.uint16();
      table.skip(10 + offsetBytes);
      return { typeFlags, heapAddress: table.address() };
    });
  });
}
