import { INLINE_ELEMENTS, jsonNumber } from '../../../json-value.ts';
import type { Json } from '../../../records.ts';
import type { Recorder } from '../../recorder.ts';
import { measureValues } from '../data/measure-values.ts';
import { momentsJson } from '../data/moments-json.ts';
import type { TypedArray } from '../data/typed.ts';
import type { StoredBatch } from './batches.ts';
import type { Column } from './column.ts';
import type { Decoded } from './decode.ts';
import type { Table } from './table.ts';
import { ListValues, TextValues } from './values.ts';

/** The `sample` record of a batch of rows. */
export function rowSample(batch: StoredBatch, index: number, table: Table, withValues: boolean, out: Recorder): void {
  const { hdu, rowBytes } = table;
  out.sample({
    path: hdu.path,
    index,
    offset: hdu.dataOffset + batch.row * rowBytes,
    length: batch.rowCount * rowBytes,
    value: {
      row: batch.row,
      rows: batch.rowCount,
      columns: batch.columns.map(({ column, decoded }) => columnJson(column, decoded, batch.rowCount, withValues)),
    },
  });
}

function columnJson(column: Column, decoded: Decoded, rowCount: number, withValues: boolean): Json {
  const { values, nulls } = decoded;
  const json: Record<string, Json> = { name: column.name, dtype: column.code };
  if (column.unit !== undefined) json.unit = column.unit;
  if (values instanceof TextValues) Object.assign(json, textJson(values));
  else {
    const numbers = values instanceof ListValues ? values.values : values;
    if (values instanceof ListValues) json.elements = numbers.length;
    if (column.code === 'L' || column.code === 'X') Object.assign(json, logicalJson(numbers as Uint8Array, nulls));
    else if (column.code === 'A') json.valid = (values as ListValues).length;
    else Object.assign(json, momentsJson(measureValues(numbers, nulls)));
  }
  if (withValues) json.values = cellsJson(column, decoded, rowCount);
  return json;
}

/** How many strings are not blank. */
function textJson(values: TextValues): Record<string, Json> {
  let valid = 0;
  const { bytes, width, length } = values;
  for (let index = 0; index < length; index++) {
    let at = index * width;
    const end = at + width;
    while (at < end && bytes[at] === 32) at++;
    if (at < end && bytes[at] !== 0) valid++;
  }
  return { valid };
}

function logicalJson(values: Uint8Array, nulls: Uint8Array | undefined): Record<string, Json> {
  let isTrue = 0;
  let isNull = 0;
  for (let i = 0; i < values.length; i++) {
    isTrue += values[i]!;
    isNull += nulls?.[i] ?? 0;
  }
  return { valid: values.length - isNull, true: isTrue };
}

/** One entry a row; a cell of several elements is an array. `null` if they are more than a record carries. */
function cellsJson(column: Column, { values, nulls }: Decoded, rowCount: number): Json {
  const length = values instanceof ListValues ? values.values.length : values.length;
  if (length > INLINE_ELEMENTS && !(values instanceof ListValues && values.isText)) return null;
  const cells: Json[] = [];
  const isComplex = column.code === 'C' || column.code === 'M';
  const one = (at: number): Json => {
    if (values instanceof TextValues) return values.at(at);
    const numbers: TypedArray = values instanceof ListValues ? values.values : values;
    if (!isComplex)
      return nulls?.[at] === 1 ? null : column.code === 'L' ? numbers[at] === 1 : jsonNumber(numbers[at]!);
    return [jsonNumber(numbers[2 * at]!), jsonNumber(numbers[2 * at + 1]!)];
  };
  const perElement = isComplex ? 2 : 1;
  for (let row = 0; row < rowCount; row++) {
    if (values instanceof ListValues && values.isText) cells.push(values.at(row) as string);
    else if (values instanceof ListValues) {
      const [start, end] = [values.starts[row]! / perElement, values.starts[row + 1]! / perElement];
      cells.push(Array.from({ length: end - start }, (_, i) => one(start + i)));
    } else {
      const perRow = length / perElement / rowCount;
      cells.push(perRow === 1 ? one(row) : Array.from({ length: perRow }, (_, i) => one(row * perRow + i)));
    }
  }
  return cells;
}
