import { INLINE_ELEMENTS, jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import { decodeText } from './text.ts';
import { type Vr, vrCode } from './vr.ts';

/** A value that was in the window, as the values that it consists of. */
export interface DecodedValue {
  /** In order; numbers, texts, tags as `'GGGGEEEE'`. Empty for an empty value. */
  readonly values: readonly Json[];
  /** What is wrong with it, if anything. */
  readonly damage: 'character set' | 'number' | 'length' | undefined;
}

const EMPTY: DecodedValue = { values: [], damage: undefined };
/** Beyond what a number holds exactly. */
const LONG_INTEGER = /^[+-]?\d{16,}$/;

/** Decodes a value that is no bytes and no sequence (PS3.5 6.2). `declared` is the SpecificCharacterSet in force. */
export function decodeValue(
  bytes: Buffer,
  at: number,
  lengthBytes: number,
  vr: Vr,
  isLittle: boolean,
  declared: string,
): DecodedValue {
  if (lengthBytes === 0) return EMPTY;
  const end = at + lengthBytes;
  if (vr.kind === 'number' || vr.kind === 'tag') return decodeBinary(bytes, at, end, vr, isLittle);
  const { text, isDamaged } = decodeText(bytes, at, end, vr.hasCharacterSet ? declared : 'ISO_IR 100', vr.name);
  const damage = isDamaged ? 'character set' : undefined;
  const stripped = stripPadding(text);
  if (stripped === '') return EMPTY;
  switch (vr.kind) {
    case 'text':
      return { values: [stripped], damage };
    case 'decimal':
    case 'integer':
      return decodeNumbers(stripped);
    case 'name':
      return { values: stripped.split('\\').map((name) => stripPadding(name).replace(/=+$/, '')), damage };
    default:
      // PS3.5 6.2: leading spaces of an AE are not significant
      if (vr.name === 'AE')
        return { values: stripped.split('\\').map((title) => stripPadding(title).trimStart()), damage };
      return { values: stripped.includes('\\') ? stripped.split('\\').map(stripPadding) : [stripped], damage };
  }
}

/** PS3.5 6.2: values are padded with a space, UIDs with NUL; writers mix the two. */
function stripPadding(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** DS and IS: what is no number stays text. */
function decodeNumbers(text: string): DecodedValue {
  if (!text.includes('\\')) {
    const value = numberOf(text);
    return { values: [value], damage: typeof value === 'string' && !LONG_INTEGER.test(value) ? 'number' : undefined };
  }
  const values = text.split('\\').map(numberOf);
  const isDamaged = values.some((value) => typeof value === 'string' && !LONG_INTEGER.test(value));
  return { values, damage: isDamaged ? 'number' : undefined };
}

/** A number, the text of what is none, or null for an empty value. */
function numberOf(part: string): Json {
  // what `Number` takes beyond DS and IS (hex, Infinity) has other characters than theirs
  for (let i = 0; i < part.length; i++) {
    const code = part.charCodeAt(i);
    const isOwn = (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2d || code === 0x2b || code === 0x20;
    if (!isOwn && code !== 0x45 && code !== 0x65) return part.replace(/^[\s\0]+|[\s\0]+$/g, '') || null;
  }
  const value = Number(part);
  if (value === 0 && part.trim() === '') return null;
  if (Number.isNaN(value)) return part.trim();
  return part.length > 15 && LONG_INTEGER.test(part.trim()) ? jsonNumber(BigInt(part)) : jsonNumber(value);
}

type ReadElement = (bytes: Buffer, at: number, isLittle: boolean) => Json;

const READ_BINARY = new Map<number, ReadElement>(
  Object.entries({
    US: (b, at, le) => (le ? b.readUInt16LE(at) : b.readUInt16BE(at)),
    SS: (b, at, le) => (le ? b.readInt16LE(at) : b.readInt16BE(at)),
    UL: (b, at, le) => (le ? b.readUInt32LE(at) : b.readUInt32BE(at)),
    SL: (b, at, le) => (le ? b.readInt32LE(at) : b.readInt32BE(at)),
    FL: (b, at, le) => jsonNumber(le ? b.readFloatLE(at) : b.readFloatBE(at)),
    FD: (b, at, le) => jsonNumber(le ? b.readDoubleLE(at) : b.readDoubleBE(at)),
    SV: (b, at, le) => jsonNumber(le ? b.readBigInt64LE(at) : b.readBigInt64BE(at)),
    UV: (b, at, le) => jsonNumber(le ? b.readBigUInt64LE(at) : b.readBigUInt64BE(at)),
    AT: readTag,
  } satisfies Record<string, ReadElement>).map(([name, read]) => [vrCode(name), read]),
);

function readTag(bytes: Buffer, at: number, isLittle: boolean): string {
  const group = isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  const element = isLittle ? bytes.readUInt16LE(at + 2) : bytes.readUInt16BE(at + 2);
  return (group * 0x10000 + element).toString(16).toUpperCase().padStart(8, '0');
}

function decodeBinary(bytes: Buffer, at: number, end: number, vr: Vr, isLittle: boolean): DecodedValue {
  const unitBytes = vr.kind === 'tag' ? 4 : vr.unitBytes;
  const read = READ_BINARY.get(vrCode(vr.name))!;
  const values: Json[] = [];
  for (; at + unitBytes <= end; at += unitBytes) values.push(read(bytes, at, isLittle));
  return { values, damage: at === end ? undefined : 'length' };
}

/** Bytes up to which a binary value can have no more than the elements that a record carries. */
export function inlineBytes(vr: Vr): number {
  return INLINE_ELEMENTS * (vr.kind === 'tag' ? 4 : vr.unitBytes);
}
