import { KiB } from '../../units.ts';
import type { Column, Row } from './row.ts';

/** Text is handed on in pieces of about this many characters. */
const PIECE_CHARS = 64 * KiB;

/** RFC 4180, 2.6 and 2.7: what must stand in quotes. */
const QUOTED = /["\r\n,]/;
/** What a spreadsheet takes for the beginning of a formula; the last four are the full-width forms of the first. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * Rows as CSV (RFC 4180: lines end in CR LF) in pieces. A cell without value is empty, empty text is `""`. Unless
 * `isRaw`, text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function* csvLines(rows: Iterable<Row>, columns: readonly Column[], isRaw: boolean): Generator<string> {
  const isText = columns.map(({ type }) => type === 'text');
  // Used for row after row, and joined at once: adding field by field would make an object of every sum.
  const fields: string[] = columns.map(() => '');
  let text = '';
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      const cell = row[i];
      if (cell === null || cell === undefined) fields[i] = '';
      else fields[i] = isText[i] ? textField(cell as string, isRaw) : numberField(cell as number | bigint);
    }
    text += `${fields.join()}\r\n`;
    if (text.length >= PIECE_CHARS) {
      yield text;
      text = '';
    }
  }
  if (text !== '') yield text;
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

function numberField(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
