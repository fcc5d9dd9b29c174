import { TidegateError } from '../errors.ts';
import type { Sink } from '../flow/sink.ts';
import { oneOf, positiveInteger } from '../options.ts';
import type { ExtractionRecord } from '../records.ts';
import { MiB } from '../units.ts';
import { DuckDbParquet, type PathTarget } from './parquet/duckdb-parquet.ts';
import { ParquetFile } from './parquet/parquet-file.ts';
import { type ResumeOptions, resumeSettings } from './resume-options.ts';
import type { RowFile } from './rows/row-file.ts';
import { openTable, type Table, type TableName } from './rows/table.ts';
import type { ByteTarget } from './targets/byte-target.ts';
import { type ByteDestination, type OutputOptions, openTarget, pathOf } from './targets/destination.ts';
import { FileTarget } from './targets/file-target.ts';
import { partSink } from './units/part-sink.ts';
import { PartTarget } from './units/part-target.ts';

/** A part for each commit: they should not be small. */
const PART_MS = 10_000;

/** Options for {@link toParquet}. */
export interface ParquetOptions extends OutputOptions, ResumeOptions {
  /** A row for every record, or one for every file that has ended. @defaultValue 'records' */
  readonly table?: TableName | undefined;
  /**
   * What encodes: the package hyparquet-writer, or DuckDB (`@duckdb/node-api`), which takes less CPU and more memory,
   * and only writes to paths; the rows wait in a temporary file beside it.
   * @defaultValue the first that is installed
   */
  readonly engine?: 'hyparquet' | 'duckdb' | undefined;
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
 * A path is atomic, as with {@link toJsonLines}. With `resume` it is a folder of parts, `part-000001.parquet` and so
 * on, one for each commit (all `commitMs`, here 10,000), each with the rows of whole files; a journal beside the folder
 * (`<path>.journal`) knows which. A record that cannot be written becomes an `issue` in its place.
 *
 * - Emits: nothing; one piece of bytes per row group goes to the file or stream.
 * - Waits: for the target, at the end of each row group.
 * - Holds: one row group, as values and encoded, or one value, if it is longer; and, as the format wants it, the places
 *   of all columns of all row groups, which are written at the end.
 * - Fails: `ERR_MISSING_PEER`, with the command that installs it, at the start; `ERR_SINK` when the disk, the stream
 *   or its closing says no; `ERR_LOCKED` if another run goes on with this folder; `ERR_OPTION` at the call.
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
  const { table: name = 'records', open } = options;
  const table = openTable(name);
  const settings = resumeSettings(options, PART_MS);
  const { columns } = table;
  const openFile = openerOf(options.engine, {
    hyparquet: (target, signal) => ParquetFile.open(target, columns, { rows, bytes }, signal),
    duckdb: (target, signal) => DuckDbParquet.open(pathTarget(target), columns, rows, signal),
  });
  if (!settings.resume) {
    const target = openTarget(destination, { open, gzip: false, zstd: false });
    if (options.engine === 'duckdb') pathTarget(target);
    return rowSink(table, target, openFile);
  }
  const path = pathOf(destination, options, 'go on with');
  return partSink(path, { content: `parquet of ${name}`, ending: '.parquet', table, openPart: openFile }, settings);
}

type OpenFile = (target: ByteTarget, signal: AbortSignal) => Promise<RowFile>;

/** Opens a file by the engine that is asked for, else by the first that is installed. */
function openerOf(engine: ParquetOptions['engine'], open: Record<'hyparquet' | 'duckdb', OpenFile>): OpenFile {
  if (engine !== undefined) return open[oneOf('engine', engine, ['hyparquet', 'duckdb'])];
  return async (target, signal) => {
    try {
      return await open.hyparquet(target, signal);
    } catch (error) {
      const isMissing = error instanceof TidegateError && error.code === 'ERR_MISSING_PEER';
      if (!isMissing || !isPathTarget(target)) throw error;
      // Without the other one too, the first is the smaller to install.
      return await open.duckdb(target, signal).catch((second: unknown) => {
        throw second instanceof TidegateError && second.code === 'ERR_MISSING_PEER' ? error : second;
      });
    }
  };
}

function isPathTarget(target: ByteTarget): target is ByteTarget & PathTarget {
  return target instanceof FileTarget || target instanceof PartTarget;
}

function pathTarget(target: ByteTarget): PathTarget {
  if (isPathTarget(target)) return target;
  throw new TidegateError('ERR_OPTION', `Cannot write to ${target.name} by DuckDB: it writes to paths only`);
}

function rowSink(table: Table, target: ByteTarget, openFile: OpenFile): Sink<ExtractionRecord> {
  let file: RowFile | undefined;
  return {
    start: async ({ signal }) => {
      file = await openFile(target, signal);
    },
    write: async (batch) => {
      for (const row of table.rows(batch)) {
        const full = file!.add(row);
        if (full) await full;
      }
    },
    close: () => file!.finish(),
    abort: (reason) => (file ?? target).abort(reason),
    get bufferedBytes() {
      return file?.bufferedBytes ?? 0;
    },
  };
}
