import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import { malformed } from './malformed.ts';
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

/** A header while it is read. */
interface Parts extends ObjectHeader {
  referenceCount: number;
  readonly links: Message[];
  readonly attributes: Message[];
  readonly firsts: (Message | undefined)[];
}

/** Reads the header of the object at `address`. A step. */
export function readObjectHeader(file: Hdf5File, address: number): ObjectHeader {
  const offset = file.superblock.baseOffset + address;
  const { bytes, offset: pageOffset } = file.pages.span(offset, 4);
  const isNew = bytes[offset - pageOffset] === 0x4f; // the O of OHDR
  return isNew ? readVersion2(file, address) : readVersion1(file, address, offset);
}

/** The first message of a type, if there is one. */
export function findMessage(header: ObjectHeader, type: number): Message | undefined {
  return header.firsts[type];
}

function readVersion1(file: Hdf5File, address: number, offset: number): ObjectHeader {
  const prefix = file.pages.span(offset, 16);
  const at = offset - prefix.offset;
  if (prefix.bytes[at] !== 1) throw malformed('object header', `expected version 1, got ${prefix.bytes[at]}`, offset);
  const header = emptyHeader(address, prefix.view.getUint32(at + 4, true));
  const blocks = [{ offset: offset + 16, lengthBytes: prefix.view.getUint32(at + 8, true) }];
  for (let index = 0; index < blocks.length; index++) readMessages1(file, blocks[index]!, header, blocks);
  return header;
}

/** Most of a file is read here (bench/hdf5.ts): so without a cursor. */
function readMessages1(file: Hdf5File, block: Block, header: Parts, blocks: Block[]): void {
  const { bytes, offset } = file.page(block, 'object header');
  const end = block.offset - offset + block.lengthBytes;
  for (let at = block.offset - offset + 8; at <= end; at += 8) {
    const head = at - 8;
    const type = bytes[head]! | (bytes[head + 1]! << 8);
    const bodyBytes = bytes[head + 2]! | (bytes[head + 3]! << 8);
    if (at + bodyBytes > end)
      throw malformed('object header', `a message of ${bodyBytes} bytes leaves it`, offset + at);
    if (type === MESSAGE.CONTINUATION) addBlock(file, { offset: offset + at, lengthBytes: bodyBytes }, blocks);
    else if (IS_READ[type]) addMessage(header, type, bytes[head + 4]!, undefined, offset + at, bodyBytes);
    at += bodyBytes;
  }
}

function emptyHeader(address: number, referenceCount: number): Parts {
  return { address, referenceCount, links: [], attributes: [], firsts: NO_MESSAGES.slice() };
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
  const header = emptyHeader(address, 1);
  const blocks: Block[] = [];
  const hasOrder = (flags & 4) !== 0;
  readMessages2(file, first, hasOrder, header, blocks);
  for (let index = 0; index < blocks.length; index++) {
    const { offset, lengthBytes } = blocks[index]!;
    const cursor = file.checked(offset - file.superblock.baseOffset, lengthBytes, 'object header continuation');
    cursor.expectSignature('OCHK');
    readMessages2(file, cursor, hasOrder, header, blocks);
  }
  header.referenceCount = referenceCountOf(file, header.firsts[MESSAGE.REFERENCE_COUNT]);
  return header;
}

function readMessages2(file: Hdf5File, cursor: Cursor, hasOrder: boolean, header: Parts, blocks: Block[]): void {
  const { bytes, end } = cursor;
  const headBytes = hasOrder ? 6 : 4;
  // What is left and too short for a message is a gap (spec. IV.A.1.b).
  while (end - cursor.at >= headBytes) {
    const head = cursor.take(headBytes);
    const type = bytes[head]!;
    const at = cursor.take(bytes[head + 1]! | (bytes[head + 2]! << 8));
    if (!IS_READ[type]) continue;
    const order = hasOrder ? bytes[head + 4]! | (bytes[head + 5]! << 8) : undefined;
    if (type === MESSAGE.CONTINUATION)
      addBlock(file, { offset: cursor.baseOffset + at, lengthBytes: cursor.at - at }, blocks);
    else addMessage(header, type, bytes[head + 3]!, order, cursor.baseOffset + at, cursor.at - at);
  }
}

function addMessage(
  { firsts, attributes, links }: Parts,
  type: number,
  flags: number,
  creationOrder: number | undefined,
  offset: number,
  lengthBytes: number,
): void {
  const message = { type, isShared: (flags & 2) !== 0, creationOrder, offset, lengthBytes };
  firsts[type] ??= message;
  if (type === MESSAGE.ATTRIBUTE) attributes.push(message);
  else if (type === MESSAGE.LINK) links.push(message);
}

/** A continuation is a block to read. */
function addBlock(file: Hdf5File, span: Span, blocks: Block[]): void {
  const cursor = file.open(span, 'object header');
  const address = cursor.address();
  const lengthBytes = cursor.length();
  if (address === undefined) throw cursor.malformed('a continuation has no address');
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
