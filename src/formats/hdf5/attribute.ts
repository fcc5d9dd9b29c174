import type { Cursor } from './cursor.ts';
import { type Dataspace, elementCount, parseDataspace } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import type { Hdf5File } from './file.ts';
import { Known } from './known.ts';
import { MESSAGE } from './object-header.ts';
import { readDatatype } from './parse-datatype.ts';
import { resolvePointer } from './shared-message.ts';
import type { Span } from './span.ts';

/** A named value of an object, not read yet. */
export interface Attribute {
  readonly name: string;
  readonly type: Datatype;
  /** Address of the named datatype that `type` is, if it is one. */
  readonly typeAddress: number | undefined;
  readonly space: Dataspace;
  /** Where the elements stand. */
  readonly value: Span;
  /** Where creation order is tracked: 0, 1, 2 ... in the order of creation. */
  readonly creationOrder: number | undefined;
}

/** What stands before the value: name, type and shape. */
interface Head {
  readonly name: string;
  readonly type: Datatype;
  readonly typeAddress: number | undefined;
  readonly space: Dataspace;
  readonly valueBytes: number;
}

/** Longer ones are read each time. */
const MAX_KNOWN_BYTES = 256;

/**
 * Heads by their bytes, for each width of lengths; of the whole process, since what they say depends on nothing else
 * (those that point to shared parts are not kept). The objects of a file, and files of one archive, repeat the same few.
 */
const KNOWN: Readonly<Record<number, Known<string, Head>>> = {
  2: new Known(256),
  4: new Known(256),
  8: new Known(256),
};

/** Reads an attribute message (spec. IV.A.2.m) that stands in `span`. A step. */
export function parseAttribute(file: Hdf5File, span: Span, creationOrder: number | undefined): Attribute {
  const cursor = file.open(span, 'attribute');
  const { name, type, typeAddress, space, valueBytes } = readHead(file, cursor);
  const at = cursor.take(valueBytes);
  const value = span.bytes
    ? { offset: -1, lengthBytes: valueBytes, bytes: span.bytes.subarray(at, at + valueBytes) }
    : { offset: cursor.baseOffset + at, lengthBytes: valueBytes };
  return { name, type, typeAddress, space, value, creationOrder };
}

/** The head that `cursor` stands at, which is moved behind it. */
function readHead(file: Hdf5File, cursor: Cursor): Head {
  const start = cursor.at;
  const sizes = readSizes(cursor);
  const { headBytes } = sizes;
  const known = sizes.hasShared || headBytes > MAX_KNOWN_BYTES ? undefined : KNOWN[file.superblock.lengthBytes];
  if (!known || start + headBytes > cursor.end) return parseHead(file, cursor, sizes, start + headBytes);
  const key = cursor.bytes.toString('latin1', start, start + headBytes);
  const old = known.get(key);
  if (old) {
    cursor.at = start + headBytes;
    return old;
  }
  const head = parseHead(file, cursor, sizes, start + headBytes);
  known.set(key, head);
  return head;
}

interface Sizes {
  readonly nameBytes: number;
  readonly typeBytes: number;
  /** From the first byte of the message to the value. */
  readonly headBytes: number;
  readonly isTypeShared: boolean;
  readonly isSpaceShared: boolean;
  readonly hasShared: boolean;
}

function readSizes(cursor: Cursor): Sizes {
  const start = cursor.at;
  const version = cursor.version(1, 3);
  const flags = cursor.uint8();
  const nameBytes = padded(cursor.uint16(), version);
  const typeBytes = padded(cursor.uint16(), version);
  const spaceBytes = padded(cursor.uint16(), version);
  if (version === 3) cursor.skip(1);
  const headBytes = cursor.at - start + nameBytes + typeBytes + spaceBytes;
  const isTypeShared = version > 1 && (flags & 1) !== 0;
  const isSpaceShared = version > 1 && (flags & 2) !== 0;
  return { nameBytes, typeBytes, headBytes, isTypeShared, isSpaceShared, hasShared: isTypeShared || isSpaceShared };
}

function parseHead(file: Hdf5File, cursor: Cursor, sizes: Sizes, end: number): Head {
  const name = cursor.text(sizes.nameBytes);
  const typeEnd = cursor.at + sizes.typeBytes;
  const pointer = sizes.isTypeShared ? resolvePointer(file, MESSAGE.DATATYPE, cursor) : undefined;
  const type = pointer ? readDatatype(file.open(pointer.span, 'datatype')) : readDatatype(cursor, typeEnd - cursor.at);
  cursor.at = typeEnd;
  const space = parseDataspace(sizes.isSpaceShared ? follow(file, MESSAGE.DATASPACE, cursor) : cursor);
  cursor.at = end;
  const valueBytes = elementCount(space) * type.sizeBytes;
  return { name, type, typeAddress: pointer?.committedAddress, space, valueBytes };
}

/** Version 1 fills its parts up to a multiple of 8 bytes. */
function padded(byteCount: number, version: number): number {
  return version === 1 ? Math.ceil(byteCount / 8) * 8 : byteCount;
}

function follow(file: Hdf5File, type: number, cursor: Cursor): Cursor {
  return file.open(resolvePointer(file, type, cursor).span, 'shared message');
}
