import type { Json } from '../../../records.ts';
import { parseValue, type ValueType } from './value.ts';

/** Bytes of a card. */
export const CARD_BYTES = 80;
const KEYWORD_BYTES = 8;

/** A keyword with what it says, over one card or, with CONTINUE, over several. */
export interface Card {
  /** Upper case; of a HIERARCH card the words behind HIERARCH as they stand; `''` if blank. */
  readonly keyword: string;
  readonly dtype: ValueType;
  readonly value: Json;
  readonly comment: string | undefined;
  /** Text only, no value: COMMENT, HISTORY, a blank keyword, or no `= ` in columns 9 and 10. */
  readonly isCommentary: boolean;
  readonly isMalformed: boolean;
}

const LOWER_CASE = /[a-z]/;
// A record-valued keyword (WCS Paper IV, section 2.3.1): DP1 = 'AXIS.1: 2' is the number 2 under DP1.AXIS.1
const RECORD_VALUE =
  /^([A-Za-z_]\w*(?:\.\d+)?(?:\.[A-Za-z_]\w*(?:\.\d+)?)*): +([+-]?(?:\.\d+|\d+(?:\.\d*)?)(?:[DE][+-]?\d+)?)$/;

/** The card in `text` at `start`; it has {@link CARD_BYTES} characters. */
export function parseCard(text: string, start: number): Card {
  const end = start + CARD_BYTES;
  const keyword = keywordAt(text, start);
  if (keyword === 'COMMENT' || keyword === 'HISTORY' || keyword === '' || keyword === 'CONTINUE') {
    return commentary(keyword, text, start);
  }
  if (keyword === 'HIERARCH' && text.charCodeAt(start + 8) === 32) {
    const equals = text.indexOf('= ', start);
    if (equals > 0 && equals < end - 1) return valued(text.slice(start + 9, equals).trim(), text, equals + 2, end);
  }
  if (text.charCodeAt(start + 8) === 61 && text.charCodeAt(start + 9) === 32) {
    const early = keyword.indexOf('= ');
    if (early < 0) return valued(keyword, text, start + 10, end);
  }
  const equals = text.indexOf('= ', start) - start;
  if (equals >= 0 && equals <= KEYWORD_BYTES)
    return valued(keyword.slice(0, equals).trim(), text, start + equals + 2, end);
  return commentary(keyword, text, start);
}

/** The text of a CONTINUE card as a string value; `undefined` if it has none. */
export function parseContinuation(
  text: string,
  start: number,
): { value: string; comment: string | undefined } | undefined {
  const { dtype, value, comment, isMalformed } = parseValue(text, start + KEYWORD_BYTES, start + CARD_BYTES);
  if (isMalformed || typeof value !== 'string' || dtype !== 'string') return undefined;
  return { value, comment };
}

function keywordAt(text: string, start: number): string {
  const keyword = text.slice(start, start + KEYWORD_BYTES).trim();
  return LOWER_CASE.test(keyword) ? keyword.toUpperCase() : keyword;
}

function commentary(keyword: string, text: string, start: number): Card {
  const value = text.slice(start + KEYWORD_BYTES, start + CARD_BYTES).trimEnd();
  return { keyword, dtype: 'string', value, comment: undefined, isCommentary: true, isMalformed: false };
}

function valued(keyword: string, text: string, valueStart: number, end: number): Card {
  const { dtype, value, comment, isMalformed } = parseValue(text, valueStart, end);
  if (dtype === 'string' && (value as string).includes(': ')) {
    const match = RECORD_VALUE.exec(value as string);
    if (match !== null) {
      const number = Number(match[2]!.replace('D', 'E'));
      const name = `${keyword}.${match[1]!}`;
      return { keyword: name, dtype: 'float', value: number, comment, isCommentary: false, isMalformed: false };
    }
  }
  return { keyword, dtype, value, comment, isCommentary: false, isMalformed };
}
