import type { Sink } from '../flow/sink.ts';
import type { ExtractionRecord } from '../records.ts';
import { type ResumeOptions, resumeSettings } from './resume-options.ts';
import { recordRows } from './rows/flat.ts';
import { type Row, rowBytes } from './rows/row.ts';
import { SqliteTables } from './tables/sqlite-tables.ts';
import { databasePath, guarded } from './units/guarded.ts';
import { HeldFiles, type Landing } from './units/held-files.ts';

/** Options for {@link toSqlite}. */
export interface SqliteOptions extends ResumeOptions {}

/**
 * Writes records into the tables `records` and `files` of a SQLite database, in the columns of the record contract;
 * the database and the tables are made if they are not there. Needs Node >= 22.13 (`node:sqlite`) or the package
 * better-sqlite3.
 *
 * All rows of a file and its row in `files` are written in one transaction, when its `end` has come: a file that is
 * in `files` is there whole, whatever ended the run (WAL; a power failure may lose the last transactions, never a
 * part of one). A file that an earlier run has written is replaced, as one; with `resume` only if it has changed.
 * Records of files whose beginning or `end` never comes are written when the run ends well, without a row in `files`.
 * An abort keeps the files that are committed. Each format has a view by its name, with a row for each file.
 *
 * - Emits: nothing; one transaction per batch in which files end, or all `commitMs` [0].
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
  databasePath(path);
  const { resume, commitMs, heldBytes } = resumeSettings(options, 0);
  let tables: SqliteTables | undefined;
  let held: HeldFiles<Row> | undefined;
  const leave = () => {
    const open = tables;
    tables = undefined;
    open?.close();
  };
  return {
    commitMs,
    start: () =>
      guarded(path, 'open', () => {
        tables = new SqliteTables(path);
        held = new HeldFiles(landing(tables), heldBytes);
      }),
    begin: (unit) =>
      guarded(path, 'read', async () => {
        if (resume && tables!.hasUnit(unit)) return 'committed';
        if (resume) await held!.begin(unit.file);
        return 'write';
      }),
    write: (batch) => guarded(path, 'write', () => held!.take(batch)),
    commit: (units) => guarded(path, 'write', () => tables!.commit(units)),
    close: () =>
      guarded(path, 'finish', async () => {
        await held!.finish();
        tables!.commit();
        leave();
      }),
    abort: leave,
    get bufferedBytes() {
      return held?.heldBytes ?? 0;
    },
  };
}

function landing(tables: SqliteTables): Landing<Row> {
  return {
    encode: recordRows,
    sizeOf: rowBytes,
    setAside: ({ id, pieces }) => tables.setAside(id, pieces),
    land: ({ name, id, isSetAside, pieces }, row) => {
      tables.begin();
      if (row) tables.removeFile(name);
      if (isSetAside) tables.addSetAside(id);
      tables.addRecords(pieces);
      if (row) tables.addFile(row);
    },
    drop: ({ id }) => tables.dropSetAside(id),
  };
}
