import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Client } from 'pg';
import type { CopyStreamQuery } from 'pg-copy-streams';
import type { SinkUnit } from '../../flow/sink.ts';
import { FILE_COLUMNS } from '../rows/file-rows.ts';
import { RECORD_COLUMNS } from '../rows/flat.ts';
import type { Column, Row } from '../rows/row.ts';
import { createViews } from '../rows/views.ts';
import type { BulkTables } from './bulk-tables.ts';
import { PendingText } from './pending-text.ts';
import { copyText, plainText } from './postgres-text.ts';

const TYPES = { text: 'text', int: 'bigint', num: 'double precision' } as const;

/** Makes the stream of a COPY. */
type CopyFrom = (sql: string) => CopyStreamQuery;

/** The tables in a PostgreSQL database, by one connection and COPY. */
export class PostgresTables implements BulkTables {
  readonly #client: Client;
  readonly #copyFrom: CopyFrom;
  readonly #fail: (error: unknown) => void;
  readonly #text = copyText();
  readonly #pending = new PendingText((text) => this.#copyRecords(text));
  #copy: CopyStreamQuery | undefined;
  #isChanging = false;
  #isIndexed = false;

  private constructor(client: Client, copyFrom: CopyFrom, fail: (error: unknown) => void) {
    this.#client = client;
    this.#copyFrom = copyFrom;
    this.#fail = fail;
  }

  /** Makes the tables that are not there. `client` is connected; `fail` hears of what nobody waits for. */
  static async open(client: Client, copyFrom: CopyFrom, fail: (error: unknown) => void): Promise<PostgresTables> {
    // Two runs that begin at once would make the same tables: the second waits.
    await client.query('BEGIN; SELECT pg_advisory_xact_lock(7409142216)');
    await client.query(`CREATE TABLE IF NOT EXISTS records (${definitions(RECORD_COLUMNS)})`);
    await client.query(`CREATE TABLE IF NOT EXISTS files (${definitions(FILE_COLUMNS)}, PRIMARY KEY (file))`);
    await client.query('CREATE TABLE IF NOT EXISTS units (file text PRIMARY KEY, identity text NOT NULL)');
    for (const sql of createViews('CREATE OR REPLACE VIEW')) await client.query(sql);
    await client.query('COMMIT');
    return new PostgresTables(client, copyFrom, fail);
  }

  get bufferedBytes(): number {
    return this.#pending.bytes + (this.#copy?.writableLength ?? 0);
  }

  encode(rows: Iterable<Row>): Iterable<string> {
    return this.#text.pieces(rows);
  }

  async add(text: string | Uint8Array): Promise<void> {
    if (typeof text === 'string') return await this.#pending.add(text);
    // Its memory is used again: it is copied, and goes behind what waits.
    await this.#pending.flush();
    await this.#copyRecords(Buffer.from(text));
  }

  async isEmpty(): Promise<boolean> {
    const { rows } = await this.#client.query('SELECT 1 FROM files LIMIT 1');
    return rows.length === 0;
  }

  async identityOf(file: string): Promise<string | undefined> {
    await this.#endCopy();
    const sql = 'SELECT identity FROM files LEFT JOIN units USING (file) WHERE file = $1';
    const { rows } = await this.#client.query<{ identity: string | null }>(sql, [plainText(file)]);
    return rows[0] && (rows[0].identity ?? '');
  }

  async remove(files: readonly string[]): Promise<void> {
    await this.#pending.flush();
    await this.#begin();
    // Made for the first file that comes again: loading alone has no need of it.
    if (!this.#isIndexed) await this.#client.query('CREATE INDEX IF NOT EXISTS records_file ON records (file)');
    this.#isIndexed = true;
    const names = [files.map(plainText)];
    for (const table of ['records', 'files', 'units']) {
      await this.#client.query(`DELETE FROM ${table} WHERE file = ANY($1)`, names);
    }
  }

  async addLedger(files: readonly Row[], units: readonly SinkUnit[]): Promise<void> {
    await this.#pending.flush();
    await this.#begin();
    await this.#copyWhole('files', files);
    await this.#copyWhole(
      'units',
      units.map(({ file, identity }) => [file, identity]),
    );
  }

  async commit(): Promise<void> {
    await this.#pending.flush();
    await this.#endCopy();
    if (this.#isChanging) await this.#client.query('COMMIT');
    this.#isChanging = false;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  /** The server forgets a transaction whose connection is gone. */
  abort(): void {
    (this.#client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }

  /** What comes next is part of the transaction, and no more of a COPY. */
  async #begin(): Promise<void> {
    await this.#endCopy();
    if (!this.#isChanging) await this.#client.query('BEGIN');
    this.#isChanging = true;
  }

  /** One COPY goes on until something else is asked of the connection. */
  async #copyRecords(text: string | Uint8Array): Promise<void> {
    if (this.#copy === undefined) {
      await this.#begin();
      this.#copy = this.#startCopy('records');
    }
    if (!this.#copy.write(text)) await once(this.#copy, 'drain');
  }

  #startCopy(table: string): CopyStreamQuery {
    const copy = this.#client.query(this.#copyFrom(`COPY ${table} FROM STDIN`));
    copy.on('error', this.#fail);
    return copy;
  }

  async #endCopy(): Promise<void> {
    const copy = this.#copy;
    this.#copy = undefined;
    if (copy === undefined) return;
    copy.end();
    await finished(copy);
  }

  async #copyWhole(table: string, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const copy = this.#startCopy(table);
    copy.end([...this.#text.pieces(rows.map((row) => row.map(plainText)))].join(''));
    await finished(copy);
  }
}

function definitions(columns: readonly Column[]): string {
  return columns.map(({ name, type, isRequired }) => `"${name}" ${TYPES[type]}${isRequired ? ' NOT NULL' : ''}`).join();
}
