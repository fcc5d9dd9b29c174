import { jsonNumber } from '../../../json-value.ts';
import type { Json } from '../../../records.ts';

/** The `dtype` of a header field. */
export type ValueType = 'string' | 'int' | 'float' | 'complex' | 'bool' | 'undefined';

/** A keyword with what it says, over one card or, with CONTINUE, over several. */
export interface Card {
  /** Upper case; of a HIERARCH card the words behind HIERARCH as they stand; `''` if blank. */
  readonly keyword: string;
  readonly dtype: ValueType;
  readonly value: Json;
  readonly comment: string | undefined;
  /** Text only, no value: COMMENT, HISTORY, a blank keyword, or no `= ` in columns 9 and 10. */
  readonly isCommentary: boolean;
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
const OPEN = 40;
const TRUE = 84;
const FALSE = 70;

/**
 * The card of `keyword` with the value and comment in `text` from `start` to `end` (FITS 4.0 section 4.2: fixed and
 * free format).
 */
export function parseValue(keyword: string, text: string, start: number, end: number): Card {
  const at = skipSpaces(text, start, end);
  const first = at === end ? SLASH : text.charCodeAt(at);
  let dtype: ValueType;
  let value: Json;
  let behind: number;
  if (first === SLASH) {
    [dtype, value, behind] = ['undefined', null, at];
  } else if (first === QUOTE) {
    const close = closingQuote(text, at + 1, end);
    if (close < 0) return malformed(keyword, text, start, end);
    [dtype, value, behind] = ['string', unquote(text.slice(at + 1, close)), close + 1];
  } else if (first === TRUE || first === FALSE) {
    [dtype, value, behind] = ['bool', first === TRUE, at + 1];
  } else {
    const match = (first === OPEN ? COMPLEX : REAL).exec(text.slice(at, end));
    if (match === null) return malformed(keyword, text, start, end);
    behind = at + match[0].length;
    if (first === OPEN) {
      dtype = 'complex';
      value = [jsonNumber(toNumber(match[1]!)), jsonNumber(toNumber(match[2]!))];
    } else {
      dtype = isIntegerText(match[0]) ? 'int' : 'float';
      value = jsonNumber(toNumber(match[0]));
    }
  }
  behind = skipSpaces(text, behind, end);
  if (behind < end && text.charCodeAt(behind) !== SLASH) return malformed(keyword, text, start, end);
  const comment = behind < end ? commentOf(text, behind, end) : undefined;
  return { keyword, dtype, value, comment, isCommentary: false, isMalformed: false };
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
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER && INTEGER.test(plain)) {
    return plain.startsWith('-') ? -BigInt(plain.slice(1)) : BigInt(plain.replace('+', ''));
  }
  return number === 0 ? 0 : number;
}

function commentOf(text: string, slash: number, end: number): string | undefined {
  const comment = text.slice(slash + 1, end).trim();
  return comment === '' ? undefined : comment;
}

function malformed(keyword: string, text: string, start: number, end: number): Card {
  const slash = text.indexOf('/', start);
  const isCommented = slash >= 0 && slash < end;
  return {
    keyword,
    dtype: 'string',
    value: text.slice(start, isCommented ? slash : end).trim(),
    comment: isCommented ? commentOf(text, slash, end) : undefined,
    isCommentary: false,
    isMalformed: true,
  };
}
