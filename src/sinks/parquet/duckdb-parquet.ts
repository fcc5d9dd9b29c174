import type { Column, Row } from '../rows/row.ts';
import type { RowFile } from '../rows/row-file.ts';
import { DuckDb, quoted } from '../tables/duckdb-engine.ts';
import { RowSpool } from '../tables/row-spool.ts';
import { sinkFailure } from '../targets/file-writer.ts';

/** A file that somebody else writes, under a temporary name until it is whole. */
export interface PathTarget {
  readonly name: string;
  readonly temporaryPath: string | undefined;
  start(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
  abort(reason: unknown): Promise<void>;
}

/** DuckDB has row groups of whole vectors. */
const VECTOR_ROWS = 2048;
/** Beyond so many values in a row group a dictionary takes time and space, and saves none. */
const DICTIONARY_VALUES = 1000;

/** A Parquet file that DuckDB makes in one go, of rows that wait as CSV on disk. */
export class DuckDbParquet implements RowFile {
  readonly #database: DuckDb;
  readonly #target: PathTarget;
  readonly #spool: RowSpool;
  readonly #columns: readonly Column[];
  readonly #groupRows: number;
  #rows: Row[] = [];

  private constructor(database: DuckDb, target: PathTarget, spool: RowSpool, columns: readonly Column[], rows: number) {
    this.#database = database;
    this.#target = target;
    this.#spool = spool;
    this.#columns = columns;
    this.#groupRows = Math.ceil(rows / VECTOR_ROWS) * VECTOR_ROWS;
  }

  /** Begins a file in `target`. `ERR_MISSING_PEER` without the package @duckdb/node-api. */
  static async open(
    target: PathTarget,
    columns: readonly Column[],
    groupRows: number,
    signal: AbortSignal,
  ): Promise<DuckDbParquet> {
    let database: DuckDb | undefined;
    try {
      await target.start(signal);
      // Two runs may write to one name: the last that ends has it.
      const name = target.temporaryPath ?? target.name;
      database = await DuckDb.open(':memory:', `${name}.duckdb.tmp`);
      return new DuckDbParquet(database, target, await RowSpool.open(name), columns, groupRows);
    } catch (error) {
      await database?.close();
      await target.abort(error);
      throw error;
    }
  }

  /** Nothing but the rows of one piece of text: the others are on disk. */
  readonly bufferedBytes = 0;

  add(row: Row): void | Promise<void> {
    this.#rows.push(row);
    if (this.#rows.length >= VECTOR_ROWS / 2) return this.#flush();
  }

  async finish(): Promise<void> {
    try {
      await this.#flush();
      // Into the file that is open already: a temporary one of its own would take its place.
      const pages = `COMPRESSION snappy, ROW_GROUP_SIZE ${this.#groupRows}, DICTIONARY_SIZE_LIMIT ${DICTIONARY_VALUES}`;
      const path = quoted(this.#target.temporaryPath!);
      const rows = await this.#database.rowsOf(this.#spool, this.#columns);
      await this.#database.run(
        `COPY (SELECT * FROM ${rows}) TO ${path} (FORMAT parquet, ${pages}, USE_TMP_FILE false)`,
      );
    } catch (error) {
      throw sinkFailure('finish', this.#target.name, error);
    }
    await this.#leave();
    await this.#target.close();
  }

  async abort(reason: unknown): Promise<void> {
    await this.#leave();
    await this.#target.abort(reason);
  }

  async #flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    for (const text of this.#spool.encode(rows)) await this.#spool.add(text);
  }

  async #leave(): Promise<void> {
    await this.#database.close();
    await this.#spool.close();
  }
}
