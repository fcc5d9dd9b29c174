import type { TypedArray } from '../data/typed.ts';

const FOREIGN = /[^\t\n\r -~]/g;

/** Strings of one width, decoded when they are asked for: a batch of a million costs nothing until then. */
export class TextValues {
  readonly bytes: Buffer;
  /** Bytes of each string. */
  readonly width: number;
  readonly length: number;

  constructor(bytes: Buffer, width: number) {
    this.bytes = bytes;
    this.width = width;
    this.length = width === 0 ? 0 : Math.floor(bytes.length / width);
  }

  /** String `index` without its padding; a NUL ends it (FITS 4.0 section 7.3.3.1). */
  at(index: number): string {
    return decodeText(this.bytes, index * this.width, (index + 1) * this.width);
  }

  toArray(): string[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index));
  }
}

/** ASCII text up to a NUL, without trailing spaces; other bytes are U+FFFD. */
export function decodeText(bytes: Buffer, start: number, end: number): string {
  const cell = bytes.toString('latin1', start, end);
  const nul = cell.indexOf('\0');
  const text = (nul < 0 ? cell : cell.slice(0, nul)).trimEnd();
  return text.search(FOREIGN) < 0 ? text : text.replaceAll(FOREIGN, '\ufffd');
}

/** Arrays of different lengths, one after another: array `i` is `values` from `starts[i]` to `starts[i + 1]`. */
export class ListValues {
  readonly starts: Uint32Array;
  readonly values: TypedArray;
  /** The lists are text. */
  readonly isText: boolean;

  constructor(starts: Uint32Array, values: TypedArray, isText: boolean) {
    this.starts = starts;
    this.values = values;
    this.isText = isText;
  }

  get length(): number {
    return this.starts.length - 1;
  }

  /** The array of row `index`, a view; of text a string. */
  at(index: number): TypedArray | string {
    const [start, end] = [this.starts[index]!, this.starts[index + 1]!];
    if (!this.isText) return this.values.subarray(start, end);
    const { buffer, byteOffset, byteLength } = this.values;
    return decodeText(Buffer.from(buffer, byteOffset, byteLength).subarray(start, end), 0, end - start);
  }
}

/** The values of one column over a batch of rows. */
export type ColumnValues = TypedArray | TextValues | ListValues;
