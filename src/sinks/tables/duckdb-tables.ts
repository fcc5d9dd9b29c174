import type { SinkUnit } from '../../flow/sink.ts';
import { MiB } from '../../units.ts';
import { FILE_COLUMNS } from '../rows/file-rows.ts';
import { RECORD_COLUMNS } from '../rows/flat.ts';
import { columns, type Row } from '../rows/row.ts';
import { createViews } from '../rows/views.ts';
import { OutputLock } from '../units/output-lock.ts';
import type { BulkTables } from './bulk-tables.ts';
import { DuckDb, duckDbColumns } from './duckdb-engine.ts';
import { RowSpool } from './row-spool.ts';

/** Text that is loaded in one go. */
const SEGMENT_BYTES = 32 * MiB;
const UNIT_COLUMNS = columns({ 'file!': 'text', 'identity!': 'text' });

/** The tables in a database of DuckDB, which loads CSV faster than it takes rows. */
export class DuckDbTables implements BulkTables {
  readonly #database: DuckDb;
  readonly #path: string;
  readonly #spool: RowSpool;
  readonly #lock: OutputLock;
  /** What is in `files` and `units`: looked up for each file, where a query would read the table. */
  readonly #identities: Map<string, string>;
  #isChanging = false;

  private constructor(
    database: DuckDb,
    path: string,
    spool: RowSpool,
    identities: Map<string, string>,
    lock: OutputLock,
  ) {
    this.#database = database;
    this.#path = path;
    this.#spool = spool;
    this.#identities = identities;
    this.#lock = lock;
  }

  static async open(path: string): Promise<DuckDbTables> {
    // DuckDB's own lock holds against other processes only.
    const lock = await OutputLock.take(path);
    let database: DuckDb | undefined;
    try {
      database = await DuckDb.open(path, `${path}.tmp`);
      await database.run(`CREATE TABLE IF NOT EXISTS records (${duckDbColumns(RECORD_COLUMNS)})`);
      await database.run(`CREATE TABLE IF NOT EXISTS files (${duckDbColumns(FILE_COLUMNS)})`);
      await database.run(`CREATE TABLE IF NOT EXISTS units (${duckDbColumns(UNIT_COLUMNS)})`);
      for (const sql of createViews('CREATE OR REPLACE VIEW')) await database.run(sql);
      const identities = new Map<string, string>();
      const known = database.select(`SELECT file, coalesce(identity, '') FROM files LEFT JOIN units USING (file)`);
      for await (const [file, identity] of known) identities.set(file as string, identity as string);
      return new DuckDbTables(database, path, await RowSpool.open(path), identities, lock);
    } catch (error) {
      await database?.close();
      await lock.release();
      throw error;
    }
  }

  /** Nothing: what waits is on disk. */
  readonly bufferedBytes = 0;

  encode(rows: Iterable<Row>): Iterable<string> {
    return this.#spool.encode(rows);
  }

  async add(text: string | Uint8Array): Promise<void> {
    await this.#spool.add(text);
    if (this.#spool.bytes >= SEGMENT_BYTES) await this.#load();
  }

  async isEmpty(): Promise<boolean> {
    return this.#identities.size === 0;
  }

  async identityOf(file: string): Promise<string | undefined> {
    return this.#identities.get(file);
  }

  async remove(files: readonly string[]): Promise<void> {
    await this.#load();
    await this.#begin();
    for (const file of files) {
      for (const table of ['records', 'files', 'units']) {
        await this.#database.run(`DELETE FROM ${table} WHERE file = $1`, [file]);
      }
    }
  }

  async addLedger(files: readonly Row[], units: readonly SinkUnit[]): Promise<void> {
    const unitRows = units.map(({ file, identity }) => [file, identity] as const);
    await this.#begin();
    await this.#database.loadRows('files', FILE_COLUMNS, files, `${this.#path}.files`);
    await this.#database.loadRows('units', UNIT_COLUMNS, unitRows, `${this.#path}.units`);
    for (const [file] of files) this.#identities.set(file as string, '');
    for (const { file, identity } of units) this.#identities.set(file, identity);
  }

  async commit(): Promise<void> {
    await this.#load();
    if (this.#isChanging) await this.#database.run('COMMIT');
    this.#isChanging = false;
  }

  async close(): Promise<void> {
    await this.#database.close();
    await this.#spool.close();
    await this.#lock.release();
  }

  async abort(): Promise<void> {
    await this.close();
  }

  async #begin(): Promise<void> {
    if (!this.#isChanging) await this.#database.run('BEGIN TRANSACTION');
    this.#isChanging = true;
  }

  async #load(): Promise<void> {
    if (this.#spool.bytes === 0) return;
    await this.#begin();
    await this.#database.load('records', RECORD_COLUMNS, this.#spool);
  }
}
