import type { Input } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import type { ReadOptions } from '../format.ts';
import { openHdu } from './open-hdu.ts';
import type { FitsOptions, RowOptions } from './options.ts';
import { decodeColumn, tableBatches } from './rows/batches.ts';
import type { ElementCode } from './rows/column.ts';
import { describeTable } from './rows/table.ts';
import type { ColumnValues } from './rows/values.ts';

/** Options for {@link readRows}. */
export interface ReadRowsOptions
  extends ReadOptions,
    Pick<FitsOptions, 'maxHeldBytes' | 'maxHeaderBytes'>,
    Pick<RowOptions, 'batchRows' | 'columns'> {
  /** Index of the HDU. @defaultValue 1 */
  readonly hdu?: number | undefined;
}

/** One column over a batch of rows. */
export interface ColumnBatch {
  /** TTYPEn; `''` if it has none. */
  readonly name: string;
  readonly unit: string | undefined;
  /** Data type of FITS 4.0 table 18. */
  readonly code: ElementCode;
  /** Elements per cell; 0 if each cell has its own number of them. Text counts its characters. */
  readonly repeat: number;
  /** TDIMn, the slowest axis first. */
  readonly shape: readonly number[] | undefined;
  /** Physical values, cell after cell; complex ones as pairs, logical ones and bits as 0 and 1. */
  readonly values: ColumnValues;
  /** 1 where a value is none (TNULL, an undefined logical); absent where none is, or it is NaN. */
  readonly nulls: Uint8Array | undefined;
}

/** Columns over a run of rows. */
export interface RowBatch {
  /** The first row, 0 = that of the table. */
  readonly row: number;
  readonly rowCount: number;
  readonly columns: readonly ColumnBatch[];
}

/**
 * The rows of a table (binary, text, or random groups) as batches of typed columns. Holds one batch, of 1 MiB and
 * what its rows have in the heap. `ERR_MALFORMED` if the HDU has no table.
 */
export async function* readRows(input: Input, options: ReadRowsOptions = {}): AsyncGenerator<RowBatch, void, void> {
  const { hdu, access, maxInflateRatio, close } = await openHdu(input, options.hdu ?? 1, options);
  try {
    const table = describeTable(hdu);
    if (table === undefined) {
      throw new TidegateError('ERR_MALFORMED', `Cannot read rows: ${hdu.path} is an ${hdu.kind}`, {
        offset: hdu.headerOffset,
      });
    }
    for await (const batch of tableBatches(access, table, options, maxInflateRatio)) {
      const columns = batch.columns.map((part): ColumnBatch => {
        const { name, unit, code, repeat, dims } = part.column;
        return { name, unit, code, repeat, shape: dims?.toReversed(), ...decodeColumn(batch, part) };
      });
      yield { row: batch.row, rowCount: batch.rowCount, columns };
    }
  } finally {
    await close();
  }
}
