import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import type { Span } from './span.ts';

/** Types of header messages that are read (spec. IV.A.2), by their names there. */
export const MESSAGE = {
  DATASPACE: 0x01,
  LINK_INFO: 0x02,
  DATATYPE: 0x03,
  FILL_VALUE_OLD: 0x04,
  FILL_VALUE: 0x05,
  LINK: 0x06,
  EXTERNAL_FILES: 0x07,
  LAYOUT: 0x08,
  FILTERS: 0x0b,
  ATTRIBUTE: 0x0c,
  SHARED_TABLE: 0x0f,
  CONTINUATION: 0x10,
  SYMBOL_TABLE: 0x11,
  ATTRIBUTE_INFO: 0x15,
  REFERENCE_COUNT: 0x16,
} as const;

/** Types are below this. */
const TYPE_COUNT = 0x17;

/** By type: `true` for those that something here asks for. */
const IS_READ: boolean[] = new Array<boolean>(TYPE_COUNT).fill(false);
for (const type of Object.values(MESSAGE)) IS_READ[type] = true;

const NO_MESSAGES: readonly undefined[] = new Array<undefined>(TYPE_COUNT).fill(undefined);

/** One message of an object header: what it is and where its body stands. */
export interface Message extends Span {
  readonly type: number;
  /** The body is a pointer to a message that several objects share. */
  readonly isShared: boolean;
  /** Where attribute creation order is tracked: 0, 1, 2 ... in the order of creation. */
  readonly creationOrder: number | undefined;
}

/** An object header, version 1 or 2, with all its continuation blocks. */
export interface ObjectHeader {
  readonly address: number;
  /** Hard links to this object; above 1 it can be met again. */
  readonly referenceCount: number;
  readonly links: readonly Message[];
  readonly attributes: readonly Message[];
  /** The first message of each type, by its number. */
  readonly firsts: readonly (Message | undefined)[];
}

interface Block {
  readonly offset: number;
  readonly lengthBytes: number;
}

/** What is known of a header while it is read. */
interface Parts {
  readonly links: Message[];
  readonly attributes: Message[];
  readonly firsts: (Message | undefined)[];
  /** Continuation blocks, those still to be read at the end. */
  readonly blocks: Block[];
  /** Of the message at hand. */
  creationOrder: number | undefined;
}

/** Reads the header of the object at `address`. A step. */
export function readObjectHeader(file: Hdf5File, address: number): ObjectHeader {
  const isNew = file.byteAt(address) === 0x4f; // the O of OHDR
  return isNew ? readVersion2(file, address) : readVersion1(file, address);
}

/** The first message of a type, if there is one. */
export function findMessage(header: ObjectHeader, type: number): Message | undefined {
  return header.firsts[type];
}

function readVersion1(file: Hdf5File, address: number): ObjectHeader {
  const prefix = file.cursor(address, 16, 'object header');
  prefix.version(1);
  prefix.skip(3);
  const referenceCount = prefix.uint32();
  const first = { offset: prefix.baseOffset + prefix.end, lengthBytes: prefix.uint32() };
  const parts = emptyParts([first]);
  for (let index = 0; index < parts.blocks.length; index++) {
    const cursor = file.open(parts.blocks[index]!, 'object header');
    const { view, end } = cursor;
    while (end - cursor.at >= 8) {
      // Most of a file is read here (bench/hdf5.ts): one check for the fields of a message, which are not moved over
      // one by one.
      const at = cursor.take(8);
      addMessage(file, cursor, view.getUint16(at, true), view.getUint8(at + 4), view.getUint16(at + 2, true), parts);
    }
  }
  return { address, referenceCount, links: parts.links, attributes: parts.attributes, firsts: parts.firsts };
}

function emptyParts(blocks: Block[]): Parts {
  return { links: [], attributes: [], firsts: NO_MESSAGES.slice(), blocks, creationOrder: undefined };
}

function readVersion2(file: Hdf5File, address: number): ObjectHeader {
  const head = file.cursor(address, 6, 'object header');
  head.expectSignature('OHDR');
  head.version(2);
  const flags = head.uint8();
  const prefixBytes = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const sizeBytes = 1 << (flags & 3);
  const sizeField = file.cursor(address + prefixBytes, sizeBytes, 'object header');
  const firstBytes = prefixBytes + sizeBytes + sizeField.uint(sizeBytes) + 4;
  const first = file.checked(address, firstBytes, 'object header');
  first.skip(prefixBytes + sizeBytes);
  const parts = emptyParts([]);
  const hasOrder = (flags & 4) !== 0;
  readMessages2(file, first, hasOrder, parts);
  for (let index = 0; index < parts.blocks.length; index++) {
    const { offset, lengthBytes } = parts.blocks[index]!;
    const cursor = file.checked(offset - file.superblock.baseOffset, lengthBytes, 'object header continuation');
    cursor.expectSignature('OCHK');
    readMessages2(file, cursor, hasOrder, parts);
  }
  const { links, attributes, firsts } = parts;
  return {
    address,
    referenceCount: referenceCountOf(file, firsts[MESSAGE.REFERENCE_COUNT]),
    links,
    attributes,
    firsts,
  };
}

function readMessages2(file: Hdf5File, cursor: Cursor, hasOrder: boolean, parts: Parts): void {
  const headBytes = hasOrder ? 6 : 4;
  // What is left and too short for a message is a gap (spec. IV.A.1.b).
  while (cursor.remainingBytes >= headBytes) {
    const type = cursor.uint8();
    const bodyBytes = cursor.uint16();
    const flags = cursor.uint8();
    if (hasOrder) parts.creationOrder = cursor.uint16();
    addMessage(file, cursor, type, flags, bodyBytes, parts);
  }
}

/** Takes the body of a message; a continuation becomes a block to read. */
function addMessage(
  file: Hdf5File,
  cursor: Cursor,
  type: number,
  flags: number,
  bodyBytes: number,
  header: Parts,
): void {
  const at = cursor.take(bodyBytes);
  if (!IS_READ[type]) return;
  if (type === MESSAGE.CONTINUATION) addBlock(file, cursor, at, header.blocks);
  else {
    const isShared = (flags & 2) !== 0;
    const { creationOrder } = header;
    const message = { type, isShared, creationOrder, offset: cursor.baseOffset + at, lengthBytes: bodyBytes };
    header.firsts[type] ??= message;
    if (type === MESSAGE.ATTRIBUTE) header.attributes.push(message);
    else if (type === MESSAGE.LINK) header.links.push(message);
  }
}

function addBlock(file: Hdf5File, cursor: Cursor, at: number, blocks: Block[]): void {
  const end = cursor.at;
  cursor.at = at;
  const address = cursor.address();
  const lengthBytes = cursor.length();
  if (address === undefined || cursor.at > end) throw cursor.malformed('a continuation has no address');
  cursor.at = end;
  const offset = file.superblock.baseOffset + address;
  if (blocks.some((block) => block.offset === offset))
    throw cursor.malformed(`its continuations meet again at ${offset}`);
  blocks.push({ offset, lengthBytes });
}

function referenceCountOf(file: Hdf5File, message: Message | undefined): number {
  if (!message) return 1;
  const cursor = file.open(message, 'reference count');
  cursor.version(0);
  return cursor.uint32();
}
