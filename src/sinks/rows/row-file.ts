import type { Row } from './row.ts';

/** A file of rows on its way. */
export interface RowFile {
  /** Bytes of rows that wait. */
  readonly bufferedBytes: number;
  /** Adds a row; a promise is to be waited for before the next. */
  add(row: Row): void | Promise<void>;
  /** The file is whole, durable, and has its name. */
  finish(): Promise<void>;
  /** Nothing is left of it. */
  abort(reason: unknown): void | Promise<void>;
}
