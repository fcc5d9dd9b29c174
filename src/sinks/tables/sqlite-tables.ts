import type { SinkUnit } from '../../flow/sink.ts';
import { FILE_COLUMNS } from '../rows/file-rows.ts';
import { RECORD_COLUMNS } from '../rows/flat.ts';
import type { Column, Row } from '../rows/row.ts';
import { createViews } from '../rows/views.ts';
import { openSqlite, type SqliteDatabase, type SqliteStatement } from './sqlite-database.ts';

// A column of type REAL would store -0 as the integer 0 (SQLite, "Datatypes", 2): `num` has no type and keeps it.
const TYPES = { text: ' TEXT', int: ' INTEGER', num: '' } as const;

/**
 * The tables of the record contract in a database: `records`, `files` (by `file`); `units`, which tells one content of
 * a file from another; and one that is gone with the connection, on disk, for rows of files that have not ended.
 */
export class SqliteTables {
  readonly #database: SqliteDatabase;
  readonly #record: SqliteStatement;
  readonly #file: SqliteStatement;
  readonly #known: SqliteStatement;
  readonly #unit: SqliteStatement;
  readonly #knownUnit: SqliteStatement;
  readonly #set: SqliteStatement;
  readonly #takeSet: SqliteStatement;
  readonly #dropSet: SqliteStatement;
  #isIndexed = false;
  #isChanging = false;

  constructor(path: string) {
    const database = openSqlite(path);
    this.#database = database;
    try {
      // WAL: a commit is atomic under SIGKILL and waits for no disk; readers are not held up.
      database.exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      database.exec('PRAGMA temp_store = FILE');
      database.exec(`CREATE TABLE IF NOT EXISTS records (${definitions(RECORD_COLUMNS)})`);
      database.exec(`CREATE TABLE IF NOT EXISTS files (${definitions(FILE_COLUMNS)}, PRIMARY KEY (file))`);
      for (const sql of createViews('CREATE VIEW IF NOT EXISTS')) database.exec(sql);
      database.exec('CREATE TABLE IF NOT EXISTS units (file TEXT PRIMARY KEY, identity TEXT NOT NULL)');
      database.exec(`CREATE TEMP TABLE unended (${definitions(RECORD_COLUMNS)}, id INTEGER NOT NULL)`);
      database.exec('CREATE INDEX temp.unended_id ON unended (id)');
      this.#record = database.prepare(insert('main.records', RECORD_COLUMNS));
      this.#file = database.prepare(insert('main.files', FILE_COLUMNS));
      this.#known = database.prepare('SELECT 1 FROM main.files WHERE file = ?');
      this.#unit = database.prepare('INSERT OR REPLACE INTO main.units VALUES (?, ?)');
      this.#knownUnit = database.prepare('SELECT 1 FROM main.units WHERE file = ? AND identity = ?');
      this.#set = database.prepare(insert('temp.unended', [...RECORD_COLUMNS, 'id']));
      const names = RECORD_COLUMNS.map(({ name }) => `"${name}"`).join();
      this.#takeSet = database.prepare(
        `INSERT INTO main.records SELECT ${names} FROM temp.unended WHERE id = ? ORDER BY rowid`,
      );
      this.#dropSet = database.prepare('DELETE FROM temp.unended WHERE id = ?');
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** What is changed from here to {@link commit} is there together, or nothing of it. */
  begin(): void {
    if (!this.#isChanging) this.#database.exec('BEGIN IMMEDIATE');
    this.#isChanging = true;
  }

  /** Marks these units as written, and ends the transaction. */
  commit(units: readonly SinkUnit[] = []): void {
    for (const { file, identity } of units) this.#unit.run(file, identity);
    if (this.#isChanging) this.#database.exec('COMMIT');
    this.#isChanging = false;
  }

  /** Sets rows of a file that has not ended aside, under a number that is the file's own. */
  setAside(id: number, rows: readonly Row[]): void {
    // One by one, each row would be a transaction of its own; those of the temporary table hold up nobody.
    if (!this.#isChanging) this.#database.exec('BEGIN');
    for (const row of rows) this.#set.run(...row, id);
    if (!this.#isChanging) this.#database.exec('COMMIT');
  }

  /** Adds the rows that were set aside under this number; none are left there. */
  addSetAside(id: number): void {
    this.#takeSet.run(id);
    this.#dropSet.run(id);
  }

  /** Forgets what was set aside under this number. */
  dropSetAside(id: number): void {
    this.#dropSet.run(id);
  }

  /** Adds rows to the records. */
  addRecords(rows: readonly Row[]): void {
    for (const row of rows) this.#record.run(...row);
  }

  /** Adds the row of a file to the ledger. */
  addFile(row: Row): void {
    this.#file.run(...row);
  }

  /** Whether this content of the file is written. */
  hasUnit({ file, identity }: SinkUnit): boolean {
    return this.#knownUnit.get(file, identity) !== undefined;
  }

  /** Removes what an earlier run has written of a file. */
  removeFile(file: string): void {
    if (this.#known.get(file) === undefined) return;
    // Made for the first file that comes again: loading alone has no need of it.
    if (!this.#isIndexed) this.#database.exec('CREATE INDEX IF NOT EXISTS records_file ON records (file)');
    this.#isIndexed = true;
    for (const table of ['records', 'files', 'units'])
      this.#database.prepare(`DELETE FROM main.${table} WHERE file = ?`).run(file);
  }

  /** What is not committed is not there. */
  close(): void {
    this.#database.close();
  }
}

function definitions(columns: readonly Column[]): string {
  return columns.map(({ name, type, isRequired }) => `"${name}"${TYPES[type]}${isRequired ? ' NOT NULL' : ''}`).join();
}

function insert(table: string, columns: readonly unknown[]): string {
  return `INSERT INTO ${table} VALUES (${columns.map(() => '?').join()})`;
}
