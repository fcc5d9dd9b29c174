import { deflateRawSync } from 'node:zlib';

/** How {@link dataSet} and {@link element} write. */
export interface Syntax {
  readonly isExplicit: boolean;
  readonly isLittle: boolean;
}

export const IMPLICIT: Syntax = { isExplicit: false, isLittle: true };
export const EXPLICIT: Syntax = { isExplicit: true, isLittle: true };
export const BIG: Syntax = { isExplicit: true, isLittle: false };

export const UID = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  big: '1.2.840.10008.1.2.2',
  jpeg: '1.2.840.10008.1.2.4.50',
} as const;

const LONG = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const UNDEFINED = 0xffffffff;

export function uint16(value: number, isLittle = true): Buffer {
  const bytes = Buffer.alloc(2);
  if (isLittle) bytes.writeUInt16LE(value);
  else bytes.writeUInt16BE(value);
  return bytes;
}

export function uint32(value: number, isLittle = true): Buffer {
  const bytes = Buffer.alloc(4);
  if (isLittle) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

function tagBytes(tag: number, isLittle: boolean): Buffer {
  return Buffer.concat([uint16(tag >>> 16, isLittle), uint16(tag & 0xffff, isLittle)]);
}

/** PS3.5 7.1: an element of bytes, or text, which is padded; `lengthBytes` to declare another length. */
export function element(
  tag: number,
  vr: string,
  value: Buffer | string = '',
  syntax: Syntax = EXPLICIT,
  lengthBytes?: number,
): Buffer {
  let bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  if (bytes.length % 2 === 1) bytes = Buffer.concat([bytes, Buffer.from(vr === 'UI' || vr[0] === 'O' ? '\0' : ' ')]);
  const declared = lengthBytes ?? bytes.length;
  const { isExplicit, isLittle } = syntax;
  const head = tagBytes(tag, isLittle);
  if (!isExplicit) return Buffer.concat([head, uint32(declared, isLittle), bytes]);
  const letters = Buffer.from(vr, 'latin1');
  if (!LONG.has(vr)) return Buffer.concat([head, letters, uint16(declared, isLittle), bytes]);
  return Buffer.concat([head, letters, Buffer.alloc(2), uint32(declared, isLittle), bytes]);
}

/** An item or delimiter of group FFFE. */
export function mark(elementNumber: number, lengthBytes: number, isLittle = true): Buffer {
  return Buffer.concat([tagBytes((0xfffe0000 | elementNumber) >>> 0, isLittle), uint32(lengthBytes, isLittle)]);
}

/** An item of the given elements, with a length or with a delimiter. */
export function item(content: readonly Buffer[], isDefined: boolean = true, isLittle: boolean = true): Buffer {
  const bytes = Buffer.concat(content);
  if (isDefined) return Buffer.concat([mark(0xe000, bytes.length, isLittle), bytes]);
  return Buffer.concat([mark(0xe000, UNDEFINED, isLittle), bytes, mark(0xe00d, 0, isLittle)]);
}

/** A sequence of the given items, with a length or with a delimiter. */
export function sequence(
  tag: number,
  items: readonly Buffer[],
  isDefined: boolean = true,
  syntax: Syntax = EXPLICIT,
  vr: string = 'SQ',
): Buffer {
  const bytes = Buffer.concat(items);
  const { isLittle } = syntax;
  if (isDefined) return element(tag, vr, bytes, syntax);
  return Buffer.concat([element(tag, vr, '', syntax, UNDEFINED), bytes, mark(0xe0dd, 0, isLittle)]);
}

/** Encapsulated pixel data (PS3.5 A.4): the offset table, then fragments. */
export function encapsulated(
  fragments: readonly Buffer[],
  table: readonly number[] = [],
  syntax: Syntax = EXPLICIT,
): Buffer {
  const offsets = Buffer.concat(table.map((offset) => uint32(offset)));
  const items = [offsets, ...fragments].map((bytes) => Buffer.concat([mark(0xe000, bytes.length), bytes]));
  const head = element(0x7fe00010, 'OB', '', syntax, UNDEFINED);
  return Buffer.concat([head, ...items, mark(0xe0dd, 0)]);
}

/** The file meta group with its group length. */
export function meta(transferSyntax: string, syntax: Syntax = EXPLICIT): Buffer {
  const rest = Buffer.concat([
    element(0x00020001, 'OB', Buffer.from([0, 1]), syntax),
    element(0x00020002, 'UI', '1.2.840.10008.5.1.4.1.1.4', syntax),
    element(0x00020010, 'UI', transferSyntax, syntax),
  ]);
  return Buffer.concat([element(0x00020000, 'UL', uint32(rest.length), syntax), rest]);
}

/** PS3.10 7.1: preamble, prefix, meta group, data set. */
export function dicomFile(elements: readonly Buffer[], transferSyntax: string = UID.explicit): Buffer {
  const body = Buffer.concat(elements);
  const written = transferSyntax === UID.deflated ? deflateRawSync(body) : body;
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta(transferSyntax), written]);
}
