import { RECORD_COLUMNS } from '../rows/flat.ts';
import { issueInPlace } from '../rows/issue-in-place.ts';
import type { Cell, Row } from '../rows/row.ts';
import { RowText } from '../rows/row-text.ts';

/** PostgreSQL, COPY, text format: what stands for something else there. */
const SPECIAL = /[\\\t\n\r]/;
const SPECIALS = new RegExp(SPECIAL, 'g');
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const TEXT = RECORD_COLUMNS.findIndex(({ name }) => name === 'text');
const JSON_CELL = RECORD_COLUMNS.findIndex(({ name }) => name === 'json');

/** Rows of `records` in the text format of COPY, in pieces. PostgreSQL has no NUL in text: see {@link withoutNul}. */
export function copyText(): RowText {
  return new RowText({
    separator: '\t',
    lineEnd: '\n',
    nothing: '\\N',
    mayBegin: () => true,
    mayHold: (char) => char !== '\0' && !SPECIAL.test(char),
    field: (text) => (text.includes('\0') ? undefined : textField(text)),
    instead: withoutNul,
  });
}

function textField(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (char) => ESCAPES[char]!) : text;
}

/** Text without NUL, where it may have some: each is U+FFFD then. */
export function plainText(cell: Cell): Cell {
  return hasNul(cell) ? (cell as string).replaceAll('\0', '\ufffd') : cell;
}

function hasNul(cell: Cell): boolean {
  return typeof cell === 'string' && cell.includes('\0');
}

/**
 * A value with NUL goes to the column `json`, which spells it `\u0000`. A row that has one elsewhere becomes an
 * `issue` in its place.
 */
function withoutNul(row: Row): Row {
  const cells = [...row];
  if (hasNul(cells[TEXT]!)) {
    cells[JSON_CELL] = JSON.stringify(cells[TEXT]);
    cells[TEXT] = null;
  }
  if (!cells.some(hasNul)) return cells;
  const [file, format, seq, , path] = cells.map(plainText);
  const error = new Error(`Cannot write this record to PostgreSQL: a name in it has a NUL`);
  const { code, severity, message } = issueInPlace({}, error);
  const json = JSON.stringify({ code, severity, message });
  const issue: Readonly<Record<string, Cell | undefined>> = { file, format, seq, kind: 'issue', path, json };
  return RECORD_COLUMNS.map(({ name }) => issue[name] ?? null);
}
