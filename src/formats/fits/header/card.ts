import { type Card, parseValue } from './value.ts';

/** Bytes of a card. */
export const CARD_BYTES = 80;
const KEYWORD_BYTES = 8;

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
    if (!keyword.includes('= ')) return valued(keyword, text, start + 10, end);
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
  const { dtype, value, comment, isMalformed } = parseValue(
    'CONTINUE',
    text,
    start + KEYWORD_BYTES,
    start + CARD_BYTES,
  );
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
  const card = parseValue(keyword, text, valueStart, end);
  if (card.dtype !== 'string' || !(card.value as string).includes(': ')) return card;
  const match = RECORD_VALUE.exec(card.value as string);
  if (match === null) return card;
  return { ...card, keyword: `${keyword}.${match[1]!}`, dtype: 'float', value: Number(match[2]!.replace('D', 'E')) };
}
