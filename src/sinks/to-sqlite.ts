import { TidegateError } from '../errors.ts';
import type { Sink } from '../flow/sink.ts';
import { positiveInteger } from '../options.ts';
import type { ExtractionRecord } from '../records.ts';
import { MiB } from '../units.ts';
import { OpenFiles } from './open-files.ts';
import { SqliteTables } from './sqlite-tables.ts';

/** Options for {@link toSqlite}. */
export interface SqliteOptions {
  /** Bytes of rows, of files that have not ended, that are held in memory; the rest waits in a temporary table. @defaultValue 4 MiB */
  readonly heldBytes?: number | undefined;
}

/**
 * Writes records into the tables `records` and `files` of a SQLite database, in the columns of the record contract;
 * the database and the tables are made if they are not there. Needs Node >= 22.13 (`node:sqlite`) or the package
 * better-sqlite3.
 *
 * All rows of a file and its row in `files` are written in one transaction, when its `end` has come: a file that is
 * in `files` is there whole, whatever ended the run (WAL; a power failure may lose the last transactions, never a
 * part of one). A file that an earlier run has written is replaced, as one. Records of files whose `end` never comes
 * are written when the run ends well, without a row in `files`. An abort keeps the files that are written.
 *
 * - Emits: nothing; one transaction per batch in which files end.
 * - Waits: the database is written in the calling thread, a batch at a time.
 * - Holds: `heldBytes` of rows and one batch, and a name for each file that has begun and not ended.
 * - Fails: `ERR_MISSING_PEER`, with what to install, at the start; `ERR_SINK` when the database says no; `ERR_OPTION`
 *   at the call.
 *
 * @example
 * ```ts
 * import { drain } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { toSqlite } from 'tidegate/sinks';
 *
 * await drain(extract('scan.dcm'), toSqlite('archive.sqlite'));
 * ```
 */
export function toSqlite(path: string, options: SqliteOptions = {}): Sink<ExtractionRecord> {
  if (typeof path !== 'string' || path === '') {
    throw new TidegateError('ERR_OPTION', 'Cannot write to this database: expected a path', { option: 'path' });
  }
  const heldBytes = positiveInteger('heldBytes', options.heldBytes ?? 4 * MiB);
  let tables: SqliteTables | undefined;
  let files: OpenFiles | undefined;
  const leave = () => {
    const open = tables;
    tables = undefined;
    open?.close();
  };
  return {
    start: () =>
      guarded(path, 'open', () => {
        tables = new SqliteTables(path);
        files = new OpenFiles(tables, heldBytes);
      }),
    write: (batch) => guarded(path, 'write', () => files!.take(batch)),
    close: () =>
      guarded(path, 'finish', () => {
        files!.finish();
        leave();
      }),
    abort: leave,
    get bufferedBytes() {
      return files?.heldBytes ?? 0;
    },
  };
}

/** What the database throws, as an `ERR_SINK` that names it. */
function guarded(path: string, verb: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof TidegateError) throw error;
    const message = `Cannot ${verb} ${path}: ${(error as Error).message}`;
    throw new TidegateError('ERR_SINK', message, { file: path, cause: error });
  }
}
