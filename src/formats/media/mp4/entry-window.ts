import { isPromise } from '../../../bytes/input.ts';
import type { BlockReader } from '../block-reader.ts';
import type { Table } from './movie.ts';

/** 12 divides both: a window holds whole entries of 1, 2 and 3 words. */
const WINDOW_WORDS = 4092;
/** Of the first one: many walks over a table end soon. */
const FIRST_WORDS = 516;

const EMPTY: Table = { offset: 0, entryBytes: 4, count: 0 };

/**
 * A window of numbers that slides over a table of a file, front to back. Holds 16 KiB, however long the table is.
 * The numbers are turned to the machine's order by the block, and are read in the plain loop of a column:
 * `words[at++]` while `at < end`.
 */
export class EntryWindow {
  words: Uint32Array = new Uint32Array(0);
  /** Where in {@link words} the next number is. */
  at = 0;
  /** Behind the last number in the window. */
  end = 0;
  readonly table: Table;
  readonly #reader: BlockReader;
  readonly #wordBits: number;
  #bytes: Buffer = Buffer.alloc(0);
  #entriesRead = 0;

  /** `wordBits`: 32, or 4, 8 or 16 for compact sizes (ISO/IEC 14496-12 8.7.3.3). */
  constructor(reader: BlockReader, table: Table = EMPTY, wordBits = 32) {
    this.#reader = reader;
    this.#wordBits = wordBits;
    this.table = table;
  }

  /** All entries were used. */
  get isDone(): boolean {
    return this.at >= this.end && this.#entriesRead >= this.table.count;
  }

  /** The entry that is next is not in the window: `fill()` before the next read. */
  get isDry(): boolean {
    return this.at >= this.end && this.#entriesRead < this.table.count;
  }

  /** Makes the window start at the next entry. A table that the file cuts off ends there. */
  fill(): void | Promise<void> {
    const { entryBytes, offset, count } = this.table;
    const windowBytes = ((this.#entriesRead === 0 ? FIRST_WORDS : WINDOW_WORDS) * this.#wordBits) / 8;
    const entries = Math.min(count - this.#entriesRead, Math.floor(windowBytes / entryBytes));
    if (this.#bytes.length < entries * entryBytes) this.#allocate(entries * entryBytes);
    const start = offset + this.#entriesRead * entryBytes;
    const took = (bytes: number): void => {
      const found = Math.floor(bytes / entryBytes);
      if (found === 0) throw this.#reader.truncated(start, entryBytes, 'a sample table');
      this.#entriesRead += found;
      this.#turn(found * entryBytes);
    };
    const read = this.#reader.readInto(this.#bytes.subarray(0, entries * entryBytes), start);
    return isPromise(read) ? read.then(took) : took(read);
  }

  #allocate(bytes: number): void {
    const words = Math.ceil((bytes * 8) / this.#wordBits);
    this.words = new Uint32Array(words);
    this.#bytes = this.#wordBits === 32 ? Buffer.from(this.words.buffer) : Buffer.allocUnsafe(bytes);
  }

  #turn(filledBytes: number): void {
    const { words } = this;
    const bytes = this.#bytes;
    this.at = 0;
    this.end = (filledBytes * 8) / this.#wordBits;
    if (this.#wordBits === 32) swapToHost(bytes.subarray(0, filledBytes));
    else if (this.#wordBits === 8) words.set(bytes.subarray(0, filledBytes));
    else if (this.#wordBits === 16) for (let i = 0; i < this.end; i++) words[i] = bytes.readUInt16BE(i * 2);
    // two to a byte, the high half first
    else for (let i = 0; i < this.end; i++) words[i] = i % 2 === 0 ? bytes[i >> 1]! >> 4 : bytes[i >> 1]! & 15;
  }
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

function swapToHost(bytes: Buffer): void {
  if (IS_LITTLE_ENDIAN) bytes.swap32();
}
