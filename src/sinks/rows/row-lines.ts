import type { Cell, Row } from './row.ts';

/** Rows as lines of text that {@link parseRow} makes the same rows of again. */
export function rowLines(rows: readonly Row[]): string {
  let text = '';
  for (const row of rows) text += `${JSON.stringify(row.map(packed))}\n`;
  return text;
}

/** The row that a line stands for. */
export function parseRow(line: string): Row {
  return (JSON.parse(line) as (Cell | [string])[]).map((cell) => (Array.isArray(cell) ? unpacked(cell[0]) : cell));
}

/** What JSON has no number for stands in an array: no cell is one. */
function packed(cell: Cell): Cell | [string] {
  return typeof cell === 'bigint' || Object.is(cell, -0) ? [Object.is(cell, -0) ? '-0' : String(cell)] : cell;
}

function unpacked(text: string): Cell {
  return text === '-0' ? -0 : BigInt(text);
}
