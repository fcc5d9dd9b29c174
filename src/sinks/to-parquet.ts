import type { Sink } from '../flow/sink.ts';
import { positiveInteger } from '../options.ts';
import type { ExtractionRecord } from '../records.ts';
import { MiB } from '../units.ts';
import { type ByteDestination, type OutputOptions, openTarget } from './destination.ts';
import { ParquetFile } from './parquet-file.ts';
import { openTable, type TableName } from './table.ts';

/** Options for {@link toParquet}. */
export interface ParquetOptions extends OutputOptions {
  /** A row for every record, or one for every file that has ended. @defaultValue 'records' */
  readonly table?: TableName | undefined;
  /** Rows after which a row group is full. @defaultValue 10,000 */
  readonly rowGroupRows?: number | undefined;
  /** Bytes of text and numbers after which a row group is full. @defaultValue 4 MiB */
  readonly rowGroupBytes?: number | undefined;
}

/**
 * Writes records as Parquet, in the columns of the record contract's flat projection: `text` columns are UTF-8
 * strings, `int` columns INT64, `num` columns DOUBLE; no value is null. Compressed with Snappy. Needs the package
 * hyparquet-writer, which is loaded when the run starts.
 *
 * A path is atomic, as with {@link toJsonLines}. A record that cannot be written becomes an `issue` in its place.
 *
 * - Emits: nothing; one piece of bytes per row group goes to the file or stream.
 * - Waits: for the target, at the end of each row group.
 * - Holds: one row group, as values and encoded, or one value, if it is longer; and, as the format wants it, the places
 *   of all columns of all row groups, which are written at the end.
 * - Fails: `ERR_MISSING_PEER`, with the command that installs it, at the start; `ERR_SINK` when the disk, the stream
 *   or its closing says no; `ERR_OPTION` at the call.
 *
 * @example
 * ```ts
 * import { drain } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { toParquet } from 'tidegate/sinks';
 *
 * await drain(extract('scan.dcm'), toParquet('scan.parquet'));
 * ```
 */
export function toParquet(destination: ByteDestination, options: ParquetOptions = {}): Sink<ExtractionRecord> {
  const rows = positiveInteger('rowGroupRows', options.rowGroupRows ?? 10_000);
  const bytes = positiveInteger('rowGroupBytes', options.rowGroupBytes ?? 4 * MiB);
  const table = openTable(options.table ?? 'records');
  const target = openTarget(destination, { open: options.open, gzip: false, zstd: false });
  let file: ParquetFile | undefined;
  return {
    start: async ({ signal }) => {
      await target.start(signal);
      file = await ParquetFile.open(target, table.columns, { rows, bytes });
    },
    write: async (batch) => {
      for (const row of table.rows(batch)) {
        const full = file!.add(row);
        if (full) await full;
      }
    },
    close: async () => {
      await file!.finish();
      await target.close();
    },
    abort: (reason) => target.abort(reason),
    get bufferedBytes() {
      return target.bufferedBytes + (file?.bufferedBytes ?? 0);
    },
  };
}
