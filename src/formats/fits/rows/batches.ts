import { TidegateError } from '../../../errors.ts';
import { INLINE_ELEMENTS } from '../../../json-value.ts';
import { positiveInteger } from '../../../options.ts';
import { MiB } from '../../../units.ts';
import type { DataAccess } from '../data/access.ts';
import type { RowOptions } from '../options.ts';
import type { Column } from './column.ts';
import { type Decoded, decodeFixed, type StoredRows } from './decode.ts';
import { decodeTextField } from './decode-text.ts';
import { decodeLists, descriptorsOf, HeapReader } from './heap.ts';
import type { Table } from './table.ts';

const BATCH_BYTES = MiB;
const MOST_ROWS = 65_536;
const MOST_HEAP_BYTES = 2 * MiB;

/** Columns over a run of rows. */
export interface StoredBatch {
  /** The first row, 0 = that of the table. */
  readonly row: number;
  readonly rowCount: number;
  /** The rows as stored; valid until the next batch is asked for. */
  readonly rows: StoredRows;
  readonly columns: readonly BatchColumn[];
}

/** A column of a batch. */
export interface BatchColumn {
  readonly column: Column;
  /** Its values, if they came out of the heap. */
  readonly lists: Decoded | undefined;
}

/** The values of a column of a batch; decoded at each call. */
export function decodeColumn({ rows }: StoredBatch, { column, lists }: BatchColumn): Decoded {
  return lists ?? (column.text === undefined ? decodeFixed(rows, column) : decodeTextField(rows, column));
}

/** Rows per batch: see {@link RowOptions}. */
export function batchRowCount(table: Table, options: RowOptions): number {
  const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(BATCH_BYTES / Math.max(1, table.rowBytes))));
  const wanted = options.batchRows === undefined ? most : positiveInteger('rows.batchRows', options.batchRows);
  if (options.values !== true) return Math.min(wanted, MOST_ROWS);
  const widest = Math.max(1, ...table.columns.map(({ repeat, code }) => (code === 'A' ? 1 : repeat)));
  return Math.max(1, Math.min(wanted, Math.floor(INLINE_ELEMENTS / widest)));
}

/**
 * The rows of a table as batches of columns. Holds one batch. With `scratch`, which takes the rows if it is large
 * enough, all of a batch is valid only until the next.
 */
export async function* tableBatches(
  access: DataAccess,
  table: Table,
  options: RowOptions,
  maxInflateRatio: number,
  scratch?: Buffer | undefined,
): AsyncGenerator<StoredBatch, void, void> {
  const names = options.columns === undefined ? undefined : new Set(options.columns);
  const columns = table.columns.filter(({ name }) => names === undefined || names.has(name));
  const { rowBytes } = table;
  if (columns.some(({ heap }) => heap !== undefined)) await access.allowSeeks();
  const batchRows = batchRowCount(table, options);
  const batchBytes = Math.min(batchRows, table.rowCount) * rowBytes;
  access.expectHoldable(batchBytes, 'a batch of rows');
  const isInScratch = scratch !== undefined && batchBytes <= scratch.length;
  const memory = isInScratch ? scratch : Buffer.allocUnsafe(Math.min(batchBytes, access.dataBytes));
  const heap = new HeapReader(access, table, scratch !== undefined);
  const allowance = new HeapAllowance(table, maxInflateRatio);
  // Rows of no bytes may be declared by the quadrillion: there is nothing to read of them
  const allRows = rowBytes === 0 ? 0 : table.rowCount;
  for (let row = 0; row < allRows; row += batchRows) {
    const rowCount = Math.min(batchRows, allRows - row);
    const bytes = memory.subarray(0, rowCount * rowBytes);
    await access.readInto(bytes, row * rowBytes);
    yield* decodeRows(access, table, columns, { bytes, rowBytes, rowCount }, row, heap, allowance);
  }
}

/** Halves a batch as long as its arrays in the heap are too many to be held together. */
async function* decodeRows(
  access: DataAccess,
  table: Table,
  columns: readonly Column[],
  rows: StoredRows,
  row: number,
  heap: HeapReader,
  allowance: HeapAllowance,
): AsyncGenerator<StoredBatch, void, void> {
  const pending = [{ rows, row }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { rows: part, row: first } = next;
    const wheres = columns.map((column) =>
      column.heap === undefined ? undefined : descriptorsOf(part, column, table),
    );
    const heapBytes = wheres.reduce((sum, where) => sum + (where?.valueBytes ?? 0), 0);
    if (heapBytes > MOST_HEAP_BYTES && part.rowCount > 1) {
      const half = part.rowCount >> 1;
      const { rowBytes, bytes, rowCount } = part;
      pending.push({
        row: first + half,
        rows: { rowBytes, rowCount: rowCount - half, bytes: bytes.subarray(half * rowBytes) },
      });
      pending.push({ row: first, rows: { rowBytes, rowCount: half, bytes: bytes.subarray(0, half * rowBytes) } });
      continue;
    }
    access.expectHoldable(heapBytes, 'a row');
    allowance.take(heapBytes);
    const read: BatchColumn[] = [];
    for (const [index, column] of columns.entries()) {
      const where = wheres[index];
      const packed = where === undefined ? undefined : await heap.read(column, where);
      read.push({ column, lists: packed && decodeLists(packed, column, where!) });
    }
    yield { row: first, rowCount: part.rowCount, rows: part, columns: read };
  }
}

/** Descriptors may point to the same bytes again and again: what comes out is held to a multiple of what is there. */
class HeapAllowance {
  readonly #table: Table;
  readonly #maxInflateRatio: number;
  #leftBytes: number;

  constructor(table: Table, maxInflateRatio: number) {
    this.#table = table;
    this.#maxInflateRatio = maxInflateRatio;
    this.#leftBytes = MiB + table.heapBytes * maxInflateRatio;
  }

  take(bytes: number): void {
    this.#leftBytes -= bytes;
    if (this.#leftBytes >= 0) return;
    const { path, dataOffset } = this.#table.hdu;
    const message = `Cannot read the heap of ${path}: its arrays overlap to more than maxInflateRatio of ${this.#maxInflateRatio} times its bytes`;
    throw new TidegateError('ERR_LIMIT', message, { offset: dataOffset, limit: 'maxInflateRatio' });
  }
}
