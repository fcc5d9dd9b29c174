import type { Json } from '../../../records.ts';
import type { Recorder } from '../../recorder.ts';
import { measureValues } from '../data/measure-values.ts';
import { momentsJson } from '../data/moments-json.ts';
import type { TypedArray } from '../data/typed.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type BatchColumn, decodeColumn, type StoredBatch } from './batches.ts';
import { cellsJson } from './cells-json.ts';
import type { StoredRows } from './decode.ts';
import { measureColumn } from './measure-column.ts';
import type { Table } from './table.ts';
import { ListValues, TextValues } from './values.ts';

/** The `sample` record of a batch of rows. */
export function rowSample(
  batch: StoredBatch,
  index: number,
  table: Table,
  withValues: boolean,
  kernel: Kernel,
  out: Recorder,
): void {
  const { hdu, rowBytes } = table;
  const columns: Json[] = [];
  for (const part of batch.columns) {
    const { name, code: dtype, unit } = part.column;
    const json: Record<string, Json> = {
      name,
      dtype,
      ...(unit === undefined ? {} : { unit }),
      ...statistics(batch, part, kernel),
    };
    if (withValues) json.values = cellsJson(part.column, decodeColumn(batch, part), batch.rowCount);
    columns.push(json);
  }
  const offset = hdu.dataOffset + batch.row * rowBytes;
  const value = { row: batch.row, rows: batch.rowCount, columns };
  out.sample({ path: hdu.path, index, offset, length: batch.rowCount * rowBytes, value });
}

function statistics(batch: StoredBatch, part: BatchColumn, kernel: Kernel): Record<string, Json> {
  const { column } = part;
  if (column.code === 'A' && column.heap === undefined) {
    return { valid: filledCount(batch.rows, column.offset, column.cellBytes) };
  }
  const moments = column.heap === undefined ? measureColumn(kernel, batch.rows, column) : undefined;
  if (moments !== undefined) return momentsJson(moments, column.scaling);
  const { values, nulls } = decodeColumn(batch, part);
  if (values instanceof TextValues) return { valid: values.length };
  const elements = values instanceof ListValues ? values.values : values;
  const count = values instanceof ListValues ? { elements: elements.length } : {};
  if (column.code === 'A') return { ...count, valid: batch.rowCount };
  if (column.code === 'L' || column.code === 'X') return { ...count, ...logicalJson(elements as Uint8Array, nulls) };
  if (column.code === 'C' || column.code === 'M') return { ...count, valid: pairCount(elements) };
  return { ...count, ...momentsJson(measureValues(elements, nulls)) };
}

/** How many text cells are not blank. */
function filledCount({ bytes, rowBytes, rowCount }: StoredRows, offset: number, cellBytes: number): number {
  let count = 0;
  for (let row = 0, start = offset; row < rowCount; row++, start += rowBytes) {
    const end = start + cellBytes;
    let at = start;
    while (at < end && bytes[at] === 32) at++;
    if (at < end && bytes[at] !== 0) count++;
  }
  return count;
}

/** How many complex numbers have both their parts. */
function pairCount(values: TypedArray): number {
  let count = 0;
  for (let i = 0; i < values.length; i += 2) {
    if (!Number.isNaN(values[i]) && !Number.isNaN(values[i + 1])) count++;
  }
  return count;
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
