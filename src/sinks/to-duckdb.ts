import { dirname } from 'node:path';
import type { Sink } from '../flow/sink.ts';
import type { ExtractionRecord } from '../records.ts';
import { type ResumeOptions, resumeSettings } from './resume-options.ts';
import { bulkSink } from './tables/bulk-sink.ts';
import { DuckDbTables } from './tables/duckdb-tables.ts';
import { databasePath } from './units/guarded.ts';

/** Options for {@link toDuckDb}. */
export interface DuckDbOptions extends ResumeOptions {}

/** DuckDB loads much at once more cheaply than little. */
const COMMIT_MS = 5000;

/**
 * Writes records into the tables `records` and `files` of a DuckDB database, in the columns of the record contract;
 * the database and the tables are made if they are not there, and a view for each format. Needs the package
 * `@duckdb/node-api`.
 *
 * All rows of a file and its row in `files` are written in one transaction: a file that is in `files` is there whole,
 * whatever ended the run. A file that an earlier run has written is replaced, as one; with `resume` only if it has
 * changed. Records of files whose beginning or `end` never comes are written when the run ends well, without a row in
 * `files`.
 *
 * - Emits: nothing; rows go to a temporary file beside the database, which it loads at 32 MiB or all `commitMs` [5,000].
 * - Waits: for the database, which works beside the main thread.
 * - Holds: `heldBytes` of rows as text and one batch; the names of all files of the database; DuckDB itself 32 MiB, and
 *   twelve times the longest row beyond 1 MiB.
 * - Fails: `ERR_MISSING_PEER`, with what to install, at the start; `ERR_SINK` when the database says no; `ERR_LOCKED` if
 *   another run or program has it open; `ERR_OPTION` at the call.
 *
 * @example
 * ```ts
 * import { drain } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { toDuckDb } from 'tidegate/sinks';
 *
 * await drain(extract('scan.dcm'), toDuckDb('archive.duckdb'));
 * ```
 */
export function toDuckDb(path: string, options: DuckDbOptions = {}): Sink<ExtractionRecord> {
  databasePath(path);
  const database = { name: path, folder: dirname(path), open: () => DuckDbTables.open(path) };
  return bulkSink(database, resumeSettings(options, COMMIT_MS));
}
