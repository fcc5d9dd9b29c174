import type { ExtractionRecord } from '../records.ts';
import { FileRows } from './file-rows.ts';
import { recordRows } from './flat.ts';
import type { Row } from './row.ts';
import type { SqliteTables } from './sqlite-tables.ts';

/** What a row takes in memory beside its text, about. */
const ROW_BYTES = 256;

/** A file on its way. The same may be on its way twice: two inputs of one name, side by side. */
interface OpenFile {
  readonly name: string;
  readonly id: number;
  readonly ledger: FileRows;
  nextSeq: number;
  rows: Row[];
  /** Some of its rows are in the table for such files. */
  isSetAside: boolean;
}

/** A file that has ended, and its row in `files`. */
type EndedFile = readonly [file: OpenFile, row: Row];

/**
 * The rows of files that have not ended: in memory up to `maxHeldBytes`, then set aside in the database. When the `end`
 * of a file comes, its rows and its row in `files` are written in one transaction.
 */
export class OpenFiles {
  readonly #tables: SqliteTables;
  readonly #maxHeldBytes: number;
  readonly #open = new Map<string, OpenFile[]>();
  #nextId = 0;
  #heldBytes = 0;

  constructor(tables: SqliteTables, maxHeldBytes: number) {
    this.#tables = tables;
    this.#maxHeldBytes = maxHeldBytes;
  }

  /** Bytes of rows in memory. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes a batch and writes the files that end in it. */
  take(batch: readonly ExtractionRecord[]): void {
    const ended: EndedFile[] = [];
    let index = 0;
    for (const row of recordRows(batch)) {
      const file = this.#fileOf(row[0] as string, row[2] as number);
      file.rows.push(row);
      this.#heldBytes += bytesOf(row);
      const fileRow = file.ledger.see(batch[index++]!);
      if (fileRow) {
        this.#forget(file);
        ended.push([file, fileRow]);
      }
    }
    if (ended.length > 0) this.#write(ended);
    if (this.#heldBytes > this.#maxHeldBytes) this.#setAside();
  }

  /** Writes the rows of files whose `end` has not come: there will be no more. */
  finish(): void {
    this.#tables.transaction(() => {
      for (const files of this.#open.values()) for (const file of files) this.#add(file);
    });
    this.#open.clear();
    this.#heldBytes = 0;
  }

  /** Of two files of one name, the record belongs to the one that waits for its number. */
  #fileOf(name: string, seq: number): OpenFile {
    const files = this.#open.get(name) ?? [];
    let file = files.find(({ nextSeq }) => nextSeq === seq) ?? (seq === 0 ? undefined : files.at(-1));
    if (file === undefined) {
      file = { name, id: this.#nextId++, ledger: new FileRows(), nextSeq: 0, rows: [], isSetAside: false };
      files.push(file);
      this.#open.set(name, files);
    }
    file.nextSeq = seq + 1;
    return file;
  }

  #forget(file: OpenFile): void {
    const others = this.#open.get(file.name)!.filter((other) => other !== file);
    if (others.length === 0) this.#open.delete(file.name);
    else this.#open.set(file.name, others);
  }

  #write(ended: readonly EndedFile[]): void {
    this.#tables.transaction(() => {
      for (const [file, row] of ended) {
        this.#tables.removeFile(file.name);
        this.#add(file);
        this.#tables.addFile(row);
      }
    });
    for (const [file] of ended) for (const row of file.rows) this.#heldBytes -= bytesOf(row);
  }

  #add(file: OpenFile): void {
    if (file.isSetAside) this.#tables.addSetAside(file.id);
    this.#tables.addRecords(file.rows);
  }

  #setAside(): void {
    this.#tables.transaction(() => {
      for (const file of [...this.#open.values()].flat()) {
        if (file.rows.length === 0) continue;
        this.#tables.setAside(file.id, file.rows);
        file.rows = [];
        file.isSetAside = true;
      }
    });
    this.#heldBytes = 0;
  }
}

function bytesOf(row: Row): number {
  let bytes = ROW_BYTES;
  for (const cell of row) if (typeof cell === 'string') bytes += cell.length;
  return bytes;
}
