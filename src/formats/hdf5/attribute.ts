import { latin1 } from '../latin1.ts';
import type { Cursor } from './cursor.ts';
import { type Dataspace, elementCount, parseDataspace } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import { dtypeOf } from './dtype.ts';
import { type ElementsJson, elementsReader } from './elements-json.ts';
import type { Hdf5File } from './file.ts';
import { Known } from './known.ts';
import { malformed } from './malformed.ts';
import { MESSAGE } from './object-header.ts';
import { DATATYPES } from './parse-datatype.ts';
import { resolvePointer } from './shared-message.ts';
import { type Span, subspan } from './span.ts';

/** A named value of an object, not read yet. */
export interface Attribute {
  readonly name: string;
  readonly type: Datatype;
  /** As records spell the type. */
  readonly dtype: string;
  /** Address of the named datatype that `type` is, if it is one. */
  readonly typeAddress: number | undefined;
  readonly space: Dataspace;
  /** Where the elements stand. */
  readonly value: Span;
  /** How a record shows the value. A step. */
  readonly json: ElementsJson;
  /** Where creation order is tracked: 0, 1, 2 ... in the order of creation. */
  readonly creationOrder: number | undefined;
}

/** What stands before the value. */
interface Head extends Omit<Attribute, 'value' | 'creationOrder'> {
  /** From the first byte of the message to the value. */
  readonly headBytes: number;
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
  const { name, type, dtype, typeAddress, space, json, headBytes, valueBytes } = readHead(file, span);
  if (!(headBytes + valueBytes <= span.lengthBytes)) {
    const seen = `${headBytes} bytes and a value of ${valueBytes} in a message of ${span.lengthBytes}`;
    throw malformed('attribute', seen, span.bytes ? undefined : span.offset);
  }
  const value = subspan(span, headBytes, valueBytes);
  return { name, type, dtype, typeAddress, space, json, value, creationOrder };
}

function readHead(file: Hdf5File, span: Span): Head {
  const known = KNOWN[file.superblock.lengthBytes];
  const page = file.page(span, 'attribute');
  const start = span.offset - page.offset;
  const headBytes = knowableBytes(page.bytes, start, span.lengthBytes);
  if (!known || headBytes === 0) return parseHead(file, file.open(span, 'attribute'));
  const key = latin1(page.bytes, start, start + headBytes);
  const old = known.get(key);
  if (old) return old;
  const head = parseHead(file, file.open(span, 'attribute'));
  known.set(key, head);
  return head;
}

/** Bytes of the head of an attribute message whose bytes say all, else 0: it is long, has shared parts, or is malformed. */
function knowableBytes(bytes: Buffer, at: number, lengthBytes: number): number {
  if (lengthBytes < 9) return 0;
  const version = bytes[at]!;
  const hasShared = version > 1 && bytes[at + 1] !== 0;
  const nameBytes = padded(bytes[at + 2]! | (bytes[at + 3]! << 8), version);
  const typeBytes = padded(bytes[at + 4]! | (bytes[at + 5]! << 8), version);
  const spaceBytes = padded(bytes[at + 6]! | (bytes[at + 7]! << 8), version);
  const headBytes = (version === 3 ? 9 : 8) + nameBytes + typeBytes + spaceBytes;
  return hasShared || headBytes > lengthBytes || headBytes > MAX_KNOWN_BYTES ? 0 : headBytes;
}

function parseHead(file: Hdf5File, cursor: Cursor): Head {
  const start = cursor.at;
  const version = cursor.version(1, 3);
  const sharing = cursor.uint8();
  const flags = version === 1 ? 0 : sharing;
  const nameBytes = padded(cursor.uint16(), version);
  const typeBytes = padded(cursor.uint16(), version);
  const spaceBytes = padded(cursor.uint16(), version);
  if (version === 3) cursor.skip(1);
  const name = cursor.text(nameBytes);
  const typeEnd = cursor.at + typeBytes;
  const pointer = flags & 1 ? resolvePointer(file, MESSAGE.DATATYPE, cursor) : undefined;
  const type = pointer ? DATATYPES.read(file, pointer.span) : DATATYPES.next(cursor, typeBytes);
  cursor.at = typeEnd;
  const space = parseDataspace(flags & 2 ? follow(file, MESSAGE.DATASPACE, cursor) : cursor);
  const count = elementCount(space);
  return {
    name,
    type,
    dtype: dtypeOf(type),
    typeAddress: pointer?.committedAddress,
    space,
    json: elementsReader(type, count),
    headBytes: typeEnd + spaceBytes - start,
    valueBytes: count * type.sizeBytes,
  };
}

/** Version 1 fills its parts up to a multiple of 8 bytes. */
function padded(byteCount: number, version: number): number {
  return version === 1 ? (byteCount + 7) & ~7 : byteCount;
}

function follow(file: Hdf5File, type: number, cursor: Cursor): Cursor {
  return file.open(resolvePointer(file, type, cursor).span, 'shared message');
}
