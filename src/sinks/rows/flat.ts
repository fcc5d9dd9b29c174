import type { ExtractionRecord } from '../../records.ts';
import { intCell, isInt64, textCell, wholeCell } from './cells.ts';
import { issueInPlace } from './issue-in-place.ts';
import { jsonText } from './json-text.ts';
import { type Cell, type Column, columns, type Row } from './row.ts';

/** The columns of the table `records`, in the order of the record contract. */
export const RECORD_COLUMNS: readonly Column[] = columns({
  'file!': 'text',
  'format!': 'text',
  'seq!': 'int',
  'kind!': 'text',
  path: 'text',
  key: 'text',
  name: 'text',
  dtype: 'text',
  text: 'text',
  num: 'num',
  int: 'int',
  json: 'text',
  unit: 'text',
  comment: 'text',
  offset: 'int',
  length: 'int',
});

/** What a record that is not in order has in the columns that every row fills. */
const NO_SEQ = -1;

/** One row for each record. A record that cannot be written becomes an `issue`; its neighbours are not harmed. */
export function* recordRows(batch: readonly unknown[]): Generator<Row, void, void> {
  for (const record of batch) yield safeRow(record);
}

function safeRow(record: unknown): Row {
  try {
    return recordRow(record as ExtractionRecord);
  } catch (error) {
    return recordRow(issueInPlace(record, error) as ExtractionRecord);
  }
}

/**
 * A record as a row of the table `records`. Of a `field` exactly one of `text`, `num`, `int`, `json` is set, none if
 * it has no value: `text` for a string, `int` for an integer that is known to be exact, `num` for every other number
 * (one beyond 2^53, -0), `json` for the rest, and `{"bulk":true}` for a value that was not read. Of the other kinds
 * `json` has the members that have no column. Throws what {@link jsonText} throws.
 */
export function recordRow(record: ExtractionRecord): Row {
  const { path, key, name, dtype, unit, comment, offset, length } = record as Partial<
    Record<'path' | 'key' | 'name' | 'dtype' | 'unit' | 'comment' | 'offset' | 'length', unknown>
  >;
  const [text, num, int, json] = record.kind === 'field' ? valueCells(record) : [null, null, null, restOf(record)];
  return [
    textCell(record.file) ?? '',
    textCell(record.format) ?? '',
    wholeCell(record.seq) ?? NO_SEQ,
    textCell(record.kind) ?? '',
    textCell(path),
    textCell(key),
    textCell(name),
    textCell(dtype),
    text,
    num,
    int,
    json,
    textCell(unit),
    textCell(comment),
    wholeCell(offset),
    wholeCell(length),
  ];
}

type ValueCells = readonly [text: string | null, num: number | null, int: Cell, json: string | null];

function valueCells({ value, dtype, bulk }: { value: unknown; dtype: string; bulk?: true }): ValueCells {
  if (bulk) return [null, null, null, '{"bulk":true}'];
  if (value === null || value === undefined) return [null, null, null, null];
  switch (typeof value) {
    case 'string': {
      const int = exactInteger(value, dtype);
      return int === null ? [textCell(value), null, null, null] : [null, null, int, null];
    }
    case 'number':
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return [null, null, value, null];
      // NaN and the infinities are text in every sink.
      return Number.isFinite(value) ? [null, value, null, null] : [String(value), null, null, null];
    case 'bigint':
      return isInt64(value) ? [null, null, intCell(value), null] : [value.toString(), null, null, null];
    default:
      return [null, null, null, jsonText(value)];
  }
}

/** Types of 64-bit integers: netCDF and FITS by name, HDF5 as NumPy spells it, DICOM's value representations. */
const INTEGER_TYPE = /^(int|u?int64|[<>]?[iu]8|[SU]V)$/;
const BEYOND_SAFE = /^-?[1-9]\d{15,18}$/;

/** The contract carries an integer beyond 2^53 as a decimal string: in a column of 64 bits it is a number again. */
function exactInteger(value: string, dtype: string): Cell {
  if (value.length < 16 || !BEYOND_SAFE.test(value) || !INTEGER_TYPE.test(dtype)) return null;
  const integer = BigInt(value);
  return isInt64(integer) && !Number.isSafeInteger(Number(value)) ? integer : null;
}

const IN_COLUMNS = new Set(RECORD_COLUMNS.map(({ name }) => name));

/** The members that have no column of their own, as JSON. */
function restOf(record: object): string {
  // No prototype: a member named __proto__ stays one.
  const rest: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(record)) if (!IN_COLUMNS.has(key)) rest[key] = value;
  return jsonText(rest);
}
