import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { KiB, MiB } from '../../units.ts';
import { importPeer } from '../import-peer.ts';
import type { Column, Row } from '../rows/row.ts';
import { locked } from '../units/output-lock.ts';
import { RowSpool } from './row-spool.ts';

/** The longest line that DuckDB is told to read. */
const MAX_LINE_BYTES = 64 * MiB;
/** What DuckDB may take for itself; more than that goes to its own temporary files. */
const MEMORY_BYTES = 32 * MiB;
/** What it takes to read a line, beyond lines of this length. */
const SHORT_LINE_BYTES = MiB;
const MEMORY_PER_LINE_BYTE = 12;
const TYPES = { text: 'VARCHAR', int: 'BIGINT', num: 'DOUBLE' } as const;

/** An open database of DuckDB, or none (`:memory:`) to convert files with. */
export class DuckDb {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** The query under way. */
  #query: Promise<unknown> = Promise.resolve();
  #isOpen = true;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** `scratch` is a folder for temporary files. `ERR_MISSING_PEER` without the package @duckdb/node-api. */
  static async open(path: string, scratch: string): Promise<DuckDb> {
    const { DuckDBInstance } = await importPeer('@duckdb/node-api', '^1.5.6-r.1', () => import('@duckdb/node-api'));
    // One thread: two cost more CPU and twice the memory for the same work.
    const instance = await DuckDBInstance.create(path, {
      threads: '1',
      memory_limit: `${MEMORY_BYTES}B`,
      temp_directory: scratch,
      // What it frees goes back to the system: it would keep up to 512 MiB for later.
      allocator_bulk_deallocation_flush_threshold: '1MB',
    }).catch((error: unknown) => {
      const pid = /\bConflicting lock\b.*\bPID (\d+)/s.exec(String(error))?.[1];
      throw pid === undefined ? error : locked(path, Number(pid));
    });
    return new DuckDb(instance, await instance.connect());
  }

  async run(sql: string, values: DuckDBValue[] = []): Promise<void> {
    const query = this.#connection.run(sql, values);
    this.#query = query.catch(() => {});
    await query;
  }

  /** The rows of a query, some at a time. */
  async *select(sql: string): AsyncGenerator<DuckDBValue[], void, void> {
    const result = await this.#connection.stream(sql);
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      yield* chunk.getRows();
    }
  }

  /** Adds the rows of a spool to a table, and empties it. */
  async load(table: string, columns: readonly Column[], spool: RowSpool): Promise<void> {
    if (spool.bytes === 0) return;
    await this.run(`INSERT INTO ${table} SELECT * FROM ${await this.rowsOf(spool, columns)}`);
    await spool.empty();
  }

  /** Adds few rows to a table, by a spool of their own at `output`. */
  async loadRows(table: string, columns: readonly Column[], rows: readonly Row[], output: string): Promise<void> {
    if (rows.length === 0) return;
    const spool = await RowSpool.open(output);
    try {
      for (const text of spool.encode(rows)) await spool.add(text);
      await this.load(table, columns, spool);
    } finally {
      await spool.close();
    }
  }

  /** SQL for the rows of a spool, for which there will be memory enough. */
  async rowsOf(spool: RowSpool, columns: readonly Column[]): Promise<string> {
    await spool.flush();
    const types = columns.map(({ name, type }) => `${quoted(name)}: '${TYPES[type]}'`).join();
    const lineBytes = Math.min(MAX_LINE_BYTES, Math.max(256 * KiB, spool.longestBytes));
    if (lineBytes > SHORT_LINE_BYTES) {
      await this.run(`SET memory_limit = '${MEMORY_BYTES + MEMORY_PER_LINE_BYTE * lineBytes}B'`);
    }
    const format = `delim = ',', quote = '"', escape = '"', new_line = '\\r\\n', header = false, auto_detect = false`;
    const cells = `nullstr = '', allow_quoted_nulls = false, columns = {${types}}`;
    const memory = `parallel = false, max_line_size = ${lineBytes}, buffer_size = ${4 * lineBytes}`;
    return `read_csv(${quoted(spool.path)}, ${format}, ${cells}, ${memory})`;
  }

  /** Ends what is under way, and everything that is not committed. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#connection.interrupt();
    await this.#query;
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** The columns of a table, for CREATE TABLE. */
export function duckDbColumns(columns: readonly Column[]): string {
  return columns.map(({ name, type, isRequired }) => `"${name}" ${TYPES[type]}${isRequired ? ' NOT NULL' : ''}`).join();
}

/** As a literal of SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
