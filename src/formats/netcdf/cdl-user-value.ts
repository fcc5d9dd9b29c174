import { type Datatype, enumNames, type Value } from '../hdf5/index.ts';
import { cdlReal } from './cdl-number.ts';
import { atomicName } from './nc4-types.ts';

const ESCAPED = new Map([
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  // So ncdump 4.9 writes a vertical tab here.
  ['\v', '\\n'],
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
]);
const octal = (char: string): string => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
const binary = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** An element of a user type, without the suffixes that attributes of plain types have. */
export function cdlUserValue(type: Datatype, value: Value): string {
  switch (type.class) {
    case 'integer':
      return `${value}`;
    case 'float':
      return plainReal(type, Number(value));
    case 'string':
      return quoteChars(binary(value as string));
    case 'enum':
      return binary(enumNames(type).get(value as number | bigint) ?? `${value}`);
    case 'opaque':
      return `0X${(value as Buffer).toString('hex').toUpperCase()}`;
    case 'vlen':
      if (type.isString) return quoteString(binary(value as string));
      return `{${(value as readonly Value[]).map((element) => cdlUserValue(type.base, element)).join(', ')}}`;
    case 'array':
      return arrayValue(type, value as readonly Value[]);
    case 'compound':
      return compoundValue(type, value as ReadonlyMap<string, Value>);
    default:
      return 'NIL';
  }
}

function compoundValue(type: Extract<Datatype, { class: 'compound' }>, value: ReadonlyMap<string, Value>): string {
  return `{${type.members.map((member) => cdlUserValue(member.type, value.get(member.name) ?? null)).join(', ')}}`;
}

function arrayValue(type: Extract<Datatype, { class: 'array' }>, values: readonly Value[]): string {
  if (type.base.class !== 'string') return `{${values.map((value) => cdlUserValue(type.base, value)).join(', ')}}`;
  // Rows of characters are texts.
  const rowLength = type.shape.at(-1) ?? 1;
  const rows: string[] = [];
  for (let at = 0; at < values.length; at += rowLength) {
    const row = values.slice(at, at + rowLength).map((char) => (char === '' ? '\0' : binary(char as string)));
    rows.push(quoteChars(row.join('')));
  }
  return `{${rows.join(', ')}}`;
}

/** C's `%.7g` and `%.15g`: without a point where no decimals are. */
function plainReal(type: Datatype, value: number): string {
  if (!Number.isFinite(value)) return `${cdlReal(value, 1)}${atomicName(type) === 'float' ? 'f' : ''}`;
  return cdlReal(value, atomicName(type) === 'float' ? 7 : 15).replace(/\.(?=e|$)/, '');
}

function quoteString(text: string): string {
  return `"${text.replace(/[\0-\x1f\x7f\\'"]/g, (char) => ESCAPED.get(char) ?? octal(char))}"`;
}

/** `char` within a compound: what has a name of its own elsewhere is escaped as itself. */
function quoteChars(text: string): string {
  const shown = text.replace(/\0+$/, '');
  const escaped = shown.replace(/[\0-\x1f\x7f-\xff\\'"]/g, (char) => (ESCAPED.has(char) ? `\\${char}` : octal(char)));
  return `"${escaped}"`;
}
