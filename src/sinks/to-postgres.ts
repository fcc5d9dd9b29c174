import { tmpdir } from 'node:os';
import type { ClientConfig } from 'pg';
import { TidegateError } from '../errors.ts';
import type { Sink } from '../flow/sink.ts';
import type { ExtractionRecord } from '../records.ts';
import { importPeer } from './import-peer.ts';
import { type ResumeOptions, resumeSettings } from './resume-options.ts';
import { bulkSink } from './tables/bulk-sink.ts';
import { PostgresTables } from './tables/postgres-tables.ts';

/** Options for {@link toPostgres}. */
export interface PostgresOptions extends ResumeOptions {}

/** Where a database is: a URL (`postgres://user@host/name`), or what the package pg takes. */
export type PostgresPlace = string | ClientConfig;

/**
 * Writes records into the tables `records` and `files` of a PostgreSQL database by COPY, in the columns of the record
 * contract; the tables are made if they are not there, and a view for each format. Needs the packages pg and
 * pg-copy-streams.
 *
 * All rows of a file and its row in `files` are written in one transaction: a file that is in `files` is there whole,
 * whatever ended the run. A file that an earlier run has written is replaced, as one; with `resume` only if it has
 * changed. Records of files whose beginning or `end` never comes are written when the run ends well, without a row in
 * `files`. Text with a NUL, which PostgreSQL has not, is in the column `json`; a record with one in a name becomes an
 * `issue` in its place.
 *
 * - Emits: nothing; a transaction all `commitMs`, in which files that have ended are loaded.
 * - Waits: for the server to take what is sent.
 * - Holds: `heldBytes` of rows as text, 1 MiB of files that have ended, and one batch.
 * - Fails: `ERR_MISSING_PEER`, with what to install, at the start; `ERR_SINK` when the server says no or is gone;
 *   `ERR_OPTION` at the call.
 *
 * @example
 * ```ts
 * import { drain } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { toPostgres } from 'tidegate/sinks';
 *
 * await drain(extract('scan.dcm'), toPostgres('postgres://loader@db.example.org/archive'));
 * ```
 */
export function toPostgres(place: PostgresPlace, options: PostgresOptions = {}): Sink<ExtractionRecord> {
  const config = typeof place === 'string' ? { connectionString: place } : place;
  if (place === '' || typeof config !== 'object' || config === null) {
    throw new TidegateError('ERR_OPTION', 'Cannot write to this database: expected a URL', { option: 'place' });
  }
  return bulkSink(
    { name: nameOf(config), folder: tmpdir(), open: (_, fail) => connect(config, fail) },
    resumeSettings(options),
  );
}

async function connect(config: ClientConfig, fail: (error: unknown) => void): Promise<PostgresTables> {
  const pg = await importPeer('pg', '^8.23.1', () => import('pg'));
  const copyStreams = await importPeer('pg-copy-streams', '^7.0.0', () => import('pg-copy-streams'));
  const client = new pg.default.Client({ application_name: 'tidegate', ...config });
  // Without a listener the loss of the connection would end the process.
  client.on('error', fail);
  await client.connect();
  try {
    return await PostgresTables.open(client, copyStreams.default.from, fail);
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Without the password. */
function nameOf({ connectionString, host, database }: ClientConfig): string {
  if (connectionString === undefined) return `PostgreSQL at ${host ?? 'localhost'}/${database ?? ''}`;
  const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
  return `PostgreSQL at ${url ? url.host + url.pathname : 'an unreadable URL'}`;
}
