import type { Column } from './row.ts';
import { RowText } from './row-text.ts';

/** RFC 4180, 2.6 and 2.7: what must stand in quotes. */
const QUOTED = /["\r\n,]/;
/** What a spreadsheet takes for the beginning of a formula; the last four are the full-width forms of the first. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * Rows as CSV (RFC 4180: lines end in CR LF) in pieces. A cell without value is empty, empty text is `""`. Unless
 * `isRaw`, text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function csvText(isRaw: boolean): RowText {
  return new RowText({
    separator: ',',
    lineEnd: '\r\n',
    nothing: '',
    mayBegin: (char) => isRaw || !FORMULA.test(char),
    mayHold: (char) => !QUOTED.test(char),
    field: (text) => textField(text, isRaw),
    instead: (row) => row,
  });
}

/** The line with the names of the columns. */
export function csvHead(columns: readonly Column[]): string {
  return `${columns.map(({ name }) => name).join(',')}\r\n`;
}

function textField(text: string, isRaw: boolean): string {
  const safe = !isRaw && FORMULA.test(text) ? `'${text}` : text;
  if (safe === '') return '""';
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
