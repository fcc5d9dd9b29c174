import type { SinkUnit } from '../../flow/sink.ts';
import type { Row } from '../rows/row.ts';

/** The tables `records`, `files` and `units` of a database that loads text, and the transaction under way. */
export interface BulkTables {
  /** Bytes that wait to be loaded. */
  readonly bufferedBytes: number;
  /** Rows of `records` as text that {@link add} takes. */
  encode(rows: Iterable<Row>): Iterable<string>;
  /** Loads text of `records`, whole or in pieces, now or before the commit. */
  add(text: string | Uint8Array): void | Promise<void>;
  /** Whether there are any files. */
  isEmpty(): Promise<boolean>;
  /** The identity that a file has in `units`; `''` if it has none there; `undefined` if it is not in `files`. */
  identityOf(file: string): Promise<string | undefined>;
  /** Removes all of these files; what was added to `records` before is loaded already. */
  remove(files: readonly string[]): Promise<void>;
  /** Adds rows to `files` and `units`. */
  addLedger(files: readonly Row[], units: readonly SinkUnit[]): Promise<void>;
  /** Ends the transaction: what was added and removed is there together, or none of it. */
  commit(): Promise<void>;
  close(): Promise<void>;
  /** Leaves the transaction, whatever is under way. */
  abort(): void | Promise<void>;
}
