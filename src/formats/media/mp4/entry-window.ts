import { isPromise } from '../../../bytes/input.ts';
import { KiB } from '../../../units.ts';
import type { BlockReader } from '../block-reader.ts';
import type { Table } from './movie.ts';

const WINDOW_BYTES = 16 * KiB;

/** A window that slides over a table of a file, front to back. Holds 16 KiB, however long the table is. */
export class EntryWindow {
  readonly table: Table;
  /** Index of the entry that {@link at} stands on. */
  next = 0;
  /** The window's bytes. */
  bytes: Buffer = Buffer.alloc(0);
  readonly #reader: BlockReader;
  #first = 0;
  #filled = 0;

  constructor(reader: BlockReader, table: Table) {
    this.#reader = reader;
    this.table = table;
  }

  /** All entries were used. */
  get isDone(): boolean {
    return this.next >= this.table.count;
  }

  /** The entry that is next is not in the window: `fill()` before the next read. */
  get isDry(): boolean {
    return this.next >= this.#first + this.#filled && !this.isDone;
  }

  /** Where in {@link bytes} the next entry starts. */
  get at(): number {
    return (this.next - this.#first) * this.table.entryBytes;
  }

  /** Makes the window start at the next entry. A table that the file cuts off ends there. */
  fill(): void | Promise<void> {
    const { entryBytes, offset, count } = this.table;
    const entries = Math.min(count - this.next, Math.floor(WINDOW_BYTES / entryBytes));
    if (this.bytes.length < entries * entryBytes) this.bytes = Buffer.allocUnsafe(entries * entryBytes);
    const start = offset + this.next * entryBytes;
    const took = (bytes: number): void => {
      this.#first = this.next;
      this.#filled = Math.floor(bytes / entryBytes);
      if (this.#filled === 0) throw this.#reader.truncated(start, entryBytes, 'a sample table');
    };
    const read = this.#reader.readInto(this.bytes.subarray(0, entries * entryBytes), start);
    return isPromise(read) ? read.then(took) : took(read);
  }
}
