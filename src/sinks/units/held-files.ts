import type { ExtractionRecord } from '../../records.ts';
import { FileRows } from '../rows/file-rows.ts';
import type { Row } from '../rows/row.ts';

/** A file on its way. The same may be on its way twice: two inputs of one name, side by side. */
export interface HeldFile<T> {
  readonly name: string;
  /** No other file of the run has it. */
  readonly id: number;
  /** What is in memory of it. */
  pieces: T[];
  heldBytes: number;
  /** Some of its pieces, the first, were set aside. */
  isSetAside: boolean;
}

/** What a sink does with the pieces of files. */
export interface Landing<T> {
  /** Records of one file as pieces. */
  encode(records: readonly ExtractionRecord[]): Iterable<T>;
  /** Bytes that a piece takes in memory, about. */
  sizeOf(piece: T): number;
  /** Takes the pieces of a file out of memory, behind those that it took before. */
  setAside(file: HeldFile<T>): void | Promise<void>;
  /** Takes a file as a whole: what was set aside, then what is in memory. `row` is its row in `files`, if it ended. */
  land(file: HeldFile<T>, row: Row | undefined): void | Promise<void>;
  /** Forgets what was set aside of a file. */
  drop(file: HeldFile<T>): void | Promise<void>;
}

interface OpenFile<T> extends HeldFile<T> {
  readonly ledger: FileRows;
  readonly isUnit: boolean;
  nextSeq: number;
  /** Records of the batch at hand. */
  fresh: ExtractionRecord[];
}

/** The pieces of files that have not ended: in memory up to `maxHeldBytes`, then set aside. They land as a whole. */
export class HeldFiles<T> {
  readonly #landing: Landing<T>;
  readonly #maxHeldBytes: number;
  readonly #open = new Map<string, OpenFile<T>[]>();
  readonly #units = new Set<string>();
  #nextId = 0;
  #heldBytes = 0;

  constructor(landing: Landing<T>, maxHeldBytes: number) {
    this.#landing = landing;
    this.#maxHeldBytes = maxHeldBytes;
  }

  /** Bytes of pieces in memory. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** A unit begins: it lands when its `end` comes, or never; of an earlier attempt nothing is left. */
  async begin(name: string): Promise<void> {
    for (const file of this.#open.get(name) ?? []) {
      this.#forget(file);
      await this.#landing.drop(file);
    }
    this.#units.add(name);
  }

  /** Takes a batch; the files that end in it land. */
  async take(batch: readonly ExtractionRecord[]): Promise<void> {
    const touched = new Set<OpenFile<T>>();
    let file: OpenFile<T> | undefined;
    for (const record of batch) {
      file = this.#fileOf(record, file);
      touched.add(file);
      file.fresh.push(record);
      const row = file.ledger.see(record);
      if (row === undefined) continue;
      this.#encode(file);
      touched.delete(file);
      this.#forget(file);
      await this.#landing.land(file, row);
      file = undefined;
    }
    for (const open of touched) this.#encode(open);
    if (this.#heldBytes > this.#maxHeldBytes) await this.#setAside();
  }

  /** No more records come: files that are no units land without an `end`, the others are dropped. */
  async finish(): Promise<void> {
    for (const file of [...this.#open.values()].flat()) {
      this.#forget(file);
      await (file.isUnit ? this.#landing.drop(file) : this.#landing.land(file, undefined));
    }
  }

  /** Of two files of one name, the record belongs to the one that waits for its number. */
  #fileOf(record: ExtractionRecord, last: OpenFile<T> | undefined): OpenFile<T> {
    const { name, seq } = placeOf(record);
    if (last?.name === name && last.nextSeq === seq) {
      last.nextSeq++;
      return last;
    }
    const files = this.#open.get(name) ?? [];
    let file = files.find(({ nextSeq }) => nextSeq === seq) ?? (seq === 0 ? undefined : files.at(-1));
    if (file === undefined) {
      file = this.#newFile(name);
      this.#open.set(name, [...files, file]);
    }
    file.nextSeq = seq + 1;
    return file;
  }

  #newFile(name: string): OpenFile<T> {
    const isUnit = this.#units.delete(name);
    const ledger = new FileRows();
    const state = { pieces: [], heldBytes: 0, isSetAside: false, nextSeq: 0, fresh: [] };
    return { name, id: this.#nextId++, ledger, isUnit, ...state };
  }

  #encode(file: OpenFile<T>): void {
    for (const piece of this.#landing.encode(file.fresh)) {
      file.pieces.push(piece);
      this.#count(file, this.#landing.sizeOf(piece));
    }
    file.fresh = [];
  }

  #count(file: OpenFile<T>, bytes: number): void {
    file.heldBytes += bytes;
    this.#heldBytes += bytes;
  }

  #forget(file: OpenFile<T>): void {
    const others = this.#open.get(file.name)!.filter((other) => other !== file);
    if (others.length === 0) this.#open.delete(file.name);
    else this.#open.set(file.name, others);
    this.#count(file, -file.heldBytes);
  }

  async #setAside(): Promise<void> {
    for (const file of [...this.#open.values()].flat()) {
      if (file.pieces.length === 0) continue;
      await this.#landing.setAside(file);
      file.pieces = [];
      file.isSetAside = true;
      this.#count(file, -file.heldBytes);
    }
  }
}

/** Whose record it is. What is no record has no name, and waits for the end of the run. */
function placeOf(record: ExtractionRecord): { readonly name: string; readonly seq: number } {
  try {
    const { file, seq } = record;
    return { name: typeof file === 'string' ? file : '', seq: Number.isSafeInteger(seq) ? seq : -1 };
  } catch {
    return { name: '', seq: -1 };
  }
}
