import { KiB } from '../../units.ts';
import { RECORD_COLUMNS } from '../rows/flat.ts';
import { issueInPlace } from '../rows/issue-in-place.ts';
import type { Cell, Row } from '../rows/row.ts';

/** Text is handed on in pieces of about this many characters. */
const PIECE_CHARS = 64 * KiB;
/** PostgreSQL, COPY, text format: what stands for something else there. */
const SPECIAL = /[\\\t\n\r]/;
const SPECIALS = new RegExp(SPECIAL, 'g');
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const TEXT = RECORD_COLUMNS.findIndex(({ name }) => name === 'text');
const JSON_CELL = RECORD_COLUMNS.findIndex(({ name }) => name === 'json');

/** Rows of `records` in the text format of COPY, in pieces. PostgreSQL has no NUL in text: see {@link withoutNul}. */
export function* copyRecords(rows: Iterable<Row>): Generator<string, void, void> {
  let text = '';
  for (const row of rows) {
    const line = copyLine(row);
    // Looked for once a row: the cells are few that have one.
    text += line.includes('\0') ? copyLine(withoutNul(row)) : line;
    if (text.length < PIECE_CHARS) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** One row in the text format of COPY, with its end. */
export function copyLine(row: Row): string {
  const fields = new Array<string>(row.length);
  for (let i = 0; i < row.length; i++) fields[i] = copyField(row[i]!);
  return `${fields.join('\t')}\n`;
}

function copyField(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell !== 'string') return Object.is(cell, -0) ? '-0' : String(cell);
  return SPECIAL.test(cell) ? cell.replace(SPECIALS, (char) => ESCAPES[char]!) : cell;
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
