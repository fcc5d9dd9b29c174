import { jsonNumber } from '../../../json-value.ts';
import type { Json } from '../../../records.ts';

/** The `dtype` of a header field. */
export type ValueType = 'string' | 'int' | 'float' | 'complex' | 'bool' | 'undefined';

/** What stands behind the `= ` of a card. */
export interface CardValue {
  readonly dtype: ValueType;
  readonly value: Json;
  readonly comment: string | undefined;
  /** The value field follows none of the forms of FITS 4.0 section 4.2: `value` is its text. */
  readonly isMalformed: boolean;
}

const NUMBER = '[+-]? *(?:\\.\\d+|\\d+(?:\\.\\d*)?)(?: *[EDed] *[+-]? *\\d+)?';
const REAL = new RegExp(`^${NUMBER}`);
const COMPLEX = new RegExp(`^\\( *(${NUMBER}) *, *(${NUMBER}) *\\)`);
const INTEGER = /^[+-]?\d+$/;

const SPACE = 32;
const QUOTE = 39;
const PLUS = 43;
const MINUS = 45;
const SLASH = 47;

/** The value and comment in `text` from `start` to `end` (FITS 4.0 section 4.2: fixed and free format). */
export function parseValue(text: string, start: number, end: number): CardValue {
  let at = skipSpaces(text, start, end);
  if (at === end || text.charCodeAt(at) === SLASH) return finish(text, at, end, start, 'undefined', null);
  const first = text.charCodeAt(at);
  if (first === QUOTE) {
    at = closingQuote(text, at + 1, end);
    if (at < 0) return malformed(text, start, end);
    const open = text.indexOf("'", start) + 1;
    return finish(text, at + 1, end, start, 'string', unquote(text.slice(open, at)));
  }
  if (first === 84 /* T */ || first === 70 /* F */) return finish(text, at + 1, end, start, 'bool', first === 84);
  if (first === 40 /* ( */) {
    const match = COMPLEX.exec(text.slice(at, end));
    if (match === null) return malformed(text, start, end);
    const value = [jsonNumber(toNumber(match[1]!)), jsonNumber(toNumber(match[2]!))];
    return finish(text, at + match[0].length, end, start, 'complex', value);
  }
  const match = REAL.exec(text.slice(at, end));
  if (match === null) return malformed(text, start, end);
  const number = toNumber(match[0]);
  const dtype = typeof number === 'bigint' || isIntegerText(match[0]) ? 'int' : 'float';
  return finish(text, at + match[0].length, end, start, dtype, jsonNumber(number));
}

function skipSpaces(text: string, at: number, end: number): number {
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  return at;
}

/** Where the string that begins at `at` closes, -1 if nowhere. A doubled quote stands for one (section 4.2.1.1). */
function closingQuote(text: string, at: number, end: number): number {
  for (;;) {
    at = text.indexOf("'", at);
    if (at < 0 || at >= end) return -1;
    const next = at + 1 < end ? text.charCodeAt(at + 1) : SPACE;
    if (next === SPACE || next === SLASH) return at;
    at += next === QUOTE ? 2 : 1;
  }
}

function unquote(text: string): string {
  return (text.includes("''") ? text.replaceAll("''", "'") : text).trimEnd();
}

function isIntegerText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isSign = i === 0 && (code === PLUS || code === MINUS);
    if ((code < 48 || code > 57) && code !== SPACE && !isSign) return false;
  }
  return true;
}

/** A FITS number: `D` is an exponent as `E` is, blanks inside are allowed by the free format. */
function toNumber(text: string): number | bigint {
  const plain = text.includes(' ') ? text.replaceAll(' ', '') : text;
  const number = Number(plain);
  if (Number.isNaN(number)) return Number(plain.replace(/[Dd]/, 'E'));
  if (!Number.isSafeInteger(number) && INTEGER.test(plain)) {
    return plain.startsWith('-') ? -BigInt(plain.slice(1)) : BigInt(plain.replace('+', ''));
  }
  return number === 0 ? 0 : number;
}

function finish(text: string, at: number, end: number, start: number, dtype: ValueType, value: Json): CardValue {
  at = skipSpaces(text, at, end);
  if (at === end) return { dtype, value, comment: undefined, isMalformed: false };
  if (text.charCodeAt(at) !== SLASH) return malformed(text, start, end);
  return { dtype, value, comment: commentOf(text, at, end), isMalformed: false };
}

function commentOf(text: string, slash: number, end: number): string | undefined {
  const comment = text.slice(slash + 1, end).trim();
  return comment === '' ? undefined : comment;
}

function malformed(text: string, start: number, end: number): CardValue {
  const slash = text.indexOf('/', start);
  const isCommented = slash >= 0 && slash < end;
  return {
    dtype: 'string',
    value: text.slice(start, isCommented ? slash : end).trim(),
    comment: isCommented ? commentOf(text, slash, end) : undefined,
    isMalformed: true,
  };
}
