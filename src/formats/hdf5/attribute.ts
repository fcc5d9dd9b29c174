import type { Cursor } from './cursor.ts';
import { type Dataspace, elementCount, parseDataspace } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import type { Hdf5File } from './file.ts';
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

/** Reads an attribute message (spec. IV.A.2.m) that stands in `span`. A step. */
export function parseAttribute(file: Hdf5File, span: Span, creationOrder: number | undefined): Attribute {
  const cursor = file.open(span, 'attribute');
  const version = cursor.version(1, 3);
  const flags = cursor.uint8();
  const nameBytes = cursor.uint16();
  const typeBytes = cursor.uint16();
  const spaceBytes = cursor.uint16();
  if (version === 3) cursor.skip(1);
  const name = cursor.text(padded(nameBytes, version));
  const isTypeShared = version > 1 && (flags & 1) !== 0;
  const typeEnd = cursor.at + padded(typeBytes, version);
  const pointer = isTypeShared ? resolvePointer(file, MESSAGE.DATATYPE, cursor) : undefined;
  const type = pointer
    ? readDatatype(file, file.open(pointer.span, 'datatype'))
    : readDatatype(file, cursor, typeEnd - cursor.at);
  const spaceEnd = typeEnd + padded(spaceBytes, version);
  cursor.at = typeEnd;
  const isSpaceShared = version > 1 && (flags & 2) !== 0;
  const space = parseDataspace(isSpaceShared ? follow(file, MESSAGE.DATASPACE, cursor) : cursor);
  cursor.at = spaceEnd;
  const lengthBytes = elementCount(space) * type.sizeBytes;
  const at = cursor.take(lengthBytes);
  const value = span.bytes
    ? { offset: -1, lengthBytes, bytes: span.bytes.subarray(at, at + lengthBytes) }
    : { offset: cursor.baseOffset + at, lengthBytes };
  return { name, type, typeAddress: pointer?.committedAddress, space, value, creationOrder };
}

/** Version 1 fills its parts up to a multiple of 8 bytes. */
function padded(byteCount: number, version: number): number {
  return version === 1 ? Math.ceil(byteCount / 8) * 8 : byteCount;
}

function follow(file: Hdf5File, type: number, cursor: Cursor): Cursor {
  return file.open(resolvePointer(file, type, cursor).span, 'shared message');
}
