import { widthOf } from './btree2.ts';
import type { Cursor } from './cursor.ts';
import type {
  ArrayType,
  CompoundType,
  Datatype,
  EnumType,
  FloatType,
  IntegerType,
  ReferenceType,
  StringType,
  VlenType,
} from './datatype.ts';
import { KnownBytes } from './known-bytes.ts';
import { unsupported } from './malformed.ts';

/** Types may stand in types; real ones do so a few times. The parser recurses, so this also bounds its stack. */
const MAX_NESTING = 32;
const REFERENCE_KINDS = ['object', 'region', 'object2', 'region2', 'attribute2'] as const;

/**
 * Datatype messages. Files have few types, and what is made from a type (its name, how its values are read) is made
 * once.
 */
export const DATATYPES: KnownBytes<Datatype> = new KnownBytes('datatype', (cursor) => parseDatatype(cursor, 0));

/** Reads a datatype, of which others may be parts. */
function parseDatatype(cursor: Cursor, depth: number): Datatype {
  if (depth > MAX_NESTING) throw cursor.malformed(`types nested more than ${MAX_NESTING} deep`);
  const classAndVersion = cursor.uint8();
  const version = classAndVersion >> 4;
  if (version < 1 || version > 5) throw cursor.malformed(`a datatype of version ${version}`);
  const bits = cursor.uint8() | (cursor.uint8() << 8) | (cursor.uint8() << 16);
  const sizeBytes = cursor.uint32();
  const head = { version, bits, sizeBytes, depth };
  switch (classAndVersion & 0x0f) {
    case 0:
      return parseInteger(cursor, head, 'integer');
    case 1:
      return parseFloating(cursor, head);
    case 2:
      cursor.skip(2);
      return { class: 'time', sizeBytes, isBigEndian: (bits & 1) !== 0 };
    case 3:
      return parseString(head);
    case 4:
      return parseInteger(cursor, head, 'bitfield');
    case 5:
      return { class: 'opaque', sizeBytes, tag: cursor.text(Math.min(bits & 0xff, cursor.remainingBytes)) };
    case 6:
      return parseCompound(cursor, head);
    case 7:
      return parseReference(cursor, head);
    case 8:
      return parseEnum(cursor, head);
    case 9:
      return parseVlen(cursor, head);
    case 10:
      return parseArray(cursor, head);
    case 11:
      return { class: 'complex', sizeBytes, base: parseDatatype(cursor, depth + 1) };
    default:
      throw unsupported('datatype', `class ${classAndVersion & 0x0f}`, cursor.offset);
  }
}

interface Head {
  readonly version: number;
  readonly bits: number;
  readonly sizeBytes: number;
  readonly depth: number;
}

function parseInteger(cursor: Cursor, head: Head, kind: 'integer' | 'bitfield'): IntegerType {
  const { bits, sizeBytes } = head;
  const bitOffset = cursor.uint16();
  const bitCount = cursor.uint16();
  if (sizeBytes === 0 || bitOffset + bitCount > sizeBytes * 8) {
    throw cursor.malformed(`${bitCount} bits from bit ${bitOffset} on in ${sizeBytes} bytes`);
  }
  const isSigned = kind === 'integer' && (bits & 8) !== 0;
  return { class: kind, sizeBytes, isBigEndian: (bits & 1) !== 0, isSigned, bitOffset, bitCount };
}

function parseFloating(cursor: Cursor, head: Head): FloatType {
  const { bits, sizeBytes } = head;
  cursor.skip(4);
  const exponentBit = cursor.uint8();
  const exponentBits = cursor.uint8();
  const mantissaBit = cursor.uint8();
  const mantissaBits = cursor.uint8();
  const exponentBias = cursor.uint32();
  const byteOrder = bits & 0x40 ? 'vax' : bits & 1 ? 'big' : 'little';
  const signBit = (bits >> 8) & 0xff;
  const lastBit = Math.max(signBit + 1, exponentBit + exponentBits, mantissaBit + mantissaBits);
  if (sizeBytes === 0 || lastBit > sizeBytes * 8)
    throw cursor.malformed(`a number of ${lastBit} bits in ${sizeBytes} bytes`);
  const normalization = (bits >> 4) & 3;
  const layout = { signBit, exponentBit, exponentBits, exponentBias, mantissaBit, mantissaBits, normalization };
  return { class: 'float', sizeBytes, byteOrder, ...layout };
}

function parseString({ bits, sizeBytes }: Head): StringType {
  const padding = (['nul-terminated', 'nul-padded', 'space-padded'] as const)[bits & 0x0f] ?? 'nul-padded';
  return { class: 'string', sizeBytes, padding, charset: (bits >> 4) & 0x0f ? 'utf8' : 'ascii' };
}

function parseCompound(cursor: Cursor, { version, bits, sizeBytes, depth }: Head): CompoundType {
  const members: { name: string; byteOffset: number; type: Datatype }[] = [];
  const count = bits & 0xffff;
  for (let index = 0; index < count; index++) {
    const name = cursor.textToNul(version < 3 ? 8 : 1);
    const byteOffset = cursor.uint(version < 3 ? 4 : widthOf(sizeBytes));
    const shape = version === 1 ? parseMemberShape(cursor) : [];
    const own = parseDatatype(cursor, depth + 1);
    const type = shape.length > 0 ? arrayOf(cursor, shape, own) : own;
    if (byteOffset + type.sizeBytes > sizeBytes)
      throw cursor.malformed(`member ${name} leaves its compound of ${sizeBytes} bytes`);
    members.push({ name, byteOffset, type });
  }
  return { class: 'compound', sizeBytes, members };
}

/** Version 1 has the shape of an array in the member, not in a type of its own. */
function parseMemberShape(cursor: Cursor): number[] {
  const rank = cursor.uint8();
  cursor.skip(3 + 4 + 4);
  const shape = Array.from({ length: 4 }, () => cursor.uint32());
  if (rank > 4) throw cursor.malformed(`a member of ${rank} axes, of 4 at most`);
  return shape.slice(0, rank);
}

function parseReference(cursor: Cursor, { bits, sizeBytes }: Head): ReferenceType {
  const kind = REFERENCE_KINDS[bits & 0x0f];
  if (!kind) throw unsupported('datatype', `a reference of type ${bits & 0x0f}`, cursor.offset);
  return { class: 'reference', sizeBytes, kind };
}

function parseEnum(cursor: Cursor, { version, bits, sizeBytes, depth }: Head): EnumType {
  const base = parseDatatype(cursor, depth + 1);
  const count = bits & 0xffff;
  const names = Array.from({ length: count }, () => cursor.textToNul(version < 3 ? 8 : 1));
  const at = cursor.take(count * base.sizeBytes);
  const valueBytes = Buffer.from(cursor.bytes.subarray(at, cursor.at));
  return { class: 'enum', sizeBytes, base, names, valueBytes };
}

function parseVlen(cursor: Cursor, { bits, sizeBytes, depth }: Head): VlenType {
  const base = parseDatatype(cursor, depth + 1);
  return {
    class: 'vlen',
    sizeBytes,
    isString: (bits & 0x0f) === 1,
    charset: (bits >> 8) & 0x0f ? 'utf8' : 'ascii',
    base,
  };
}

function parseArray(cursor: Cursor, { version, depth }: Head): ArrayType {
  const rank = cursor.uint8();
  if (rank > 32) throw cursor.malformed(`an array of ${rank} axes, of 32 at most`);
  if (version < 3) cursor.skip(3);
  const shape = Array.from({ length: rank }, () => cursor.uint32());
  if (version < 3) cursor.skip(4 * rank);
  return arrayOf(cursor, shape, parseDatatype(cursor, depth + 1));
}

function arrayOf(cursor: Cursor, shape: readonly number[], base: Datatype): ArrayType {
  let sizeBytes = base.sizeBytes;
  for (const length of shape) sizeBytes *= length;
  // The size of a datatype is a field of 32 bits.
  if (sizeBytes > 0xffffffff) throw cursor.malformed(`an array of ${sizeBytes} bytes as one element`);
  return { class: 'array', sizeBytes, shape, base };
}
