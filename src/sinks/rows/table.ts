import { oneOf } from '../../options.ts';
import { FILE_COLUMNS, FileRows } from './file-rows.ts';
import { RECORD_COLUMNS, recordRows } from './flat.ts';
import type { Column, Row } from './row.ts';

/** The two tables of the record contract: a row for every record, or one for every file that has ended. */
export type TableName = 'records' | 'files';

/** Records on their way into a table. */
export interface Table {
  readonly columns: readonly Column[];
  /** The rows that a batch adds. Never throws because of a value: it becomes an `issue` in its place. */
  rows(batch: readonly unknown[]): Iterable<Row>;
}

/** The table by its name; `ERR_OPTION` if there is none. */
export function openTable(name: TableName): Table {
  if (oneOf('table', name, ['records', 'files']) === 'records') return { columns: RECORD_COLUMNS, rows: recordRows };
  const files = new FileRows();
  return { columns: FILE_COLUMNS, rows: (batch) => files.take(batch) };
}
