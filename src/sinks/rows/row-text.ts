import { KiB } from '../../units.ts';
import type { Cell, Row } from './row.ts';

/** Text is handed on in pieces of about this many bytes. */
const PIECE_BYTES = 64 * KiB;
const SCRATCH_BYTES = 128 * KiB;
/** A number and what stands around a field; a code unit takes at most 3 bytes of UTF-8, or 2 where it is escaped. */
const FIELD_BYTES = 32;
const UNIT_BYTES = 3;

/** How a format of text writes rows. */
export interface Dialect {
  /** One character of ASCII. */
  readonly separator: string;
  readonly lineEnd: string;
  /** The field of a cell without value. */
  readonly nothing: string;
  /** Text of ASCII that is written as it is: whether it may begin with a character, whether it may hold it. */
  mayBegin(char: string): boolean;
  mayHold(char: string): boolean;
  /** The field for any text; `undefined` if its row cannot be written. */
  field(text: string): string | undefined;
  /** What is written in the place of such a row. */
  instead(row: Row): Row;
}

/**
 * Rows as lines of text, made in memory that is used again. Byte by byte: joining strings, and looking through them with
 * patterns, takes three times as long (bench/sinks.ts). Text that stands in the row before as well is copied from there.
 */
export class RowText {
  readonly #dialect: Dialect;
  readonly #beginsPlain: Uint8Array;
  readonly #isPlain: Uint8Array;
  readonly #bytes = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  #usedBytes = 0;
  #isAscii = true;
  /** By column, the last text that is in {@link #bytes}, and where. */
  readonly #texts: (string | undefined)[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#beginsPlain = asciiTable(dialect.mayBegin);
    this.#isPlain = asciiTable(dialect.mayHold);
  }

  /** The text of the rows, in pieces. One call at a time. */
  *pieces(rows: Iterable<Row>): Generator<string, void, void> {
    for (const row of rows) {
      const maxBytes = maxRowBytes(row);
      if (this.#usedBytes > 0 && maxBytes > SCRATCH_BYTES - this.#usedBytes) yield this.#take();
      if (maxBytes > SCRATCH_BYTES) yield this.#longLine(row);
      else this.#addRow(row);
      if (this.#usedBytes >= PIECE_BYTES) yield this.#take();
    }
    if (this.#usedBytes > 0) yield this.#take();
  }

  #take(): string {
    const text = this.#bytes.toString(this.#isAscii ? 'latin1' : 'utf8', 0, this.#usedBytes);
    this.#usedBytes = 0;
    this.#isAscii = true;
    this.#texts.length = 0;
    return text;
  }

  #addRow(row: Row): void {
    const { separator, nothing, lineEnd } = this.#dialect;
    const start = this.#usedBytes;
    for (let i = 0; i < row.length; i++) {
      const cell = row[i]!;
      if (i > 0) this.#bytes[this.#usedBytes++] = separator.charCodeAt(0);
      if (typeof cell === 'number') this.#addNumber(cell);
      else if (typeof cell !== 'string') this.#addAscii(cell === null ? nothing : String(cell));
      else if (!this.#addText(cell, i)) {
        this.#usedBytes = start;
        this.#texts.length = 0;
        this.#addRow(this.#dialect.instead(row));
        return;
      }
    }
    this.#addAscii(lineEnd);
  }

  #addText(text: string, column: number): boolean {
    const start = this.#usedBytes;
    if (text === this.#texts[column]) {
      this.#addAgain(this.#starts[column]!, this.#ends[column]!);
      return true;
    }
    if (!this.#addPlain(text)) {
      const field = this.#dialect.field(text);
      if (field === undefined) return false;
      const fieldBytes = this.#bytes.write(field, start);
      this.#isAscii &&= fieldBytes === field.length;
      this.#usedBytes = start + fieldBytes;
    }
    this.#texts[column] = text;
    this.#starts[column] = start;
    this.#ends[column] = this.#usedBytes;
    return true;
  }

  /** `copyWithin` costs more than the few bytes that a name has. */
  #addAgain(start: number, end: number): void {
    const bytes = this.#bytes;
    for (let from = start, to = this.#usedBytes; from < end; ) bytes[to++] = bytes[from++]!;
    this.#usedBytes += end - start;
  }

  /** Adds text that is written as it is; `false`, and nothing, if it is not. */
  #addPlain(text: string): boolean {
    const [bytes, isPlain, start] = [this.#bytes, this.#isPlain, this.#usedBytes];
    if (text === '' || this.#beginsPlain[text.charCodeAt(0) & 0x7f] === 0) return false;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f || isPlain[code] === 0) return false;
      bytes[start + i] = code;
    }
    this.#usedBytes = start + text.length;
    return true;
  }

  #addNumber(value: number): void {
    // Small whole numbers, which most are, without a string; 0 goes the other way, it may be -0.
    if (value <= 0 || value > 0x7fffffff || (value | 0) !== value) {
      this.#addAscii(numberText(value));
      return;
    }
    let digits = 1;
    for (let power = 10; power <= value; power *= 10) digits++;
    this.#usedBytes += digits;
    for (let at = this.#usedBytes, rest = value | 0; rest > 0; rest = (rest / 10) | 0) {
      this.#bytes[--at] = 0x30 + (rest % 10);
    }
  }

  #addAscii(text: string): void {
    for (let i = 0; i < text.length; i++) this.#bytes[this.#usedBytes++] = text.charCodeAt(i);
  }

  #longLine(row: Row): string {
    const { separator, lineEnd } = this.#dialect;
    const fields = row.map((cell) => this.#longField(cell));
    return fields.includes(undefined)
      ? this.#longLine(this.#dialect.instead(row))
      : `${fields.join(separator)}${lineEnd}`;
  }

  #longField(cell: Cell): string | undefined {
    if (typeof cell === 'string') return this.#dialect.field(cell);
    if (cell === null) return this.#dialect.nothing;
    return typeof cell === 'number' ? numberText(cell) : String(cell);
  }
}

function maxRowBytes(row: Row): number {
  let bytes = FIELD_BYTES * (row.length + 1);
  for (let i = 0; i < row.length; i++) {
    const cell = row[i];
    if (typeof cell === 'string') bytes += cell.length * UNIT_BYTES;
  }
  return bytes;
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function asciiTable(isIn: (char: string) => boolean): Uint8Array {
  return Uint8Array.from({ length: 0x80 }, (_, code) => (isIn(String.fromCharCode(code)) ? 1 : 0));
}
