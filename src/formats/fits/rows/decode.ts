import { physicalValues } from '../data/pixels.ts';
import { isIdentity } from '../data/scaling.ts';
import type { TypedArray } from '../data/typed.ts';
import type { Column } from './column.ts';
import { type ColumnValues, TextValues } from './values.ts';

/** Rows of a table as they are stored. */
export interface StoredRows {
  readonly bytes: Buffer;
  readonly rowBytes: number;
  readonly rowCount: number;
}

/** What is known of a column's cells besides their values. */
export interface Decoded {
  readonly values: ColumnValues;
  /** 1 where an element is TNULL, or an undefined logical; absent where none can be told apart, or it is NaN. */
  readonly nulls: Uint8Array | undefined;
}

/** The values of a column of fixed width, in physical units. */
export function decodeFixed(rows: StoredRows, column: Column): Decoded {
  if (column.code === 'A') return { values: textOf(rows, column), nulls: undefined };
  if (column.code === 'L') return logicals(gather(rows, column.offset, column.cellBytes));
  if (column.code === 'X') {
    return {
      values: bits(gather(rows, column.offset, column.cellBytes), column.repeat, rows.rowCount),
      nulls: undefined,
    };
  }
  return scaled(storedNumbers(rows, column), column);
}

/** Applies TSCAL, TZERO and TNULL to stored values. */
export function scaled(stored: TypedArray, { scaling }: Column): Decoded {
  if (!isIdentity(scaling)) {
    const nulls = scaling.scale === 1 && scaling.blank !== undefined ? nullsOf(stored, scaling.blank) : undefined;
    return { values: physicalValues(stored, scaling), nulls };
  }
  return { values: stored, nulls: scaling.blank === undefined ? undefined : nullsOf(stored, scaling.blank) };
}

function nullsOf(stored: TypedArray, blank: bigint): Uint8Array {
  const nulls = new Uint8Array(stored.length);
  const none = stored instanceof BigInt64Array ? blank : Number(blank);
  for (let i = 0; i < stored.length; i++) if (stored[i] === none) nulls[i] = 1;
  return nulls;
}

function gather({ bytes, rowBytes, rowCount }: StoredRows, offset: number, cellBytes: number): Buffer {
  const cells = Buffer.allocUnsafe(rowCount * cellBytes);
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const target = new DataView(cells.buffer, cells.byteOffset, cells.byteLength);
  for (let row = 0, from = offset, to = 0; row < rowCount; row++, from += rowBytes, to += cellBytes) {
    if (cellBytes >= 64) bytes.copy(cells, to, from, from + cellBytes);
    else {
      // Word by word: short cells cost several times as much through a call each, or byte by byte
      let i = 0;
      for (; i + 4 <= cellBytes; i += 4) target.setInt32(to + i, source.getInt32(from + i));
      for (; i < cellBytes; i++) cells[to + i] = bytes[from + i]!;
    }
  }
  return cells;
}

function textOf(rows: StoredRows, { offset, cellBytes, dims }: Column): TextValues {
  const width = dims?.[0];
  const isDivided = width !== undefined && width > 0 && width < cellBytes;
  const used = isDivided ? Math.floor(cellBytes / width) * width : cellBytes;
  return new TextValues(gather(rows, offset, used), isDivided ? width : cellBytes);
}

/** T is 1, F is 0; a zero byte is no value (FITS 4.0 section 7.3.3.1). */
export function logicals(bytes: Uint8Array): Decoded {
  const values = new Uint8Array(bytes.length);
  const nulls = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 84) values[i] = 1;
    else if (bytes[i] !== 70) nulls[i] = 1;
  }
  return { values, nulls };
}

/** Bits, the highest of each byte first, each as a byte 0 or 1. */
export function bits(bytes: Uint8Array, repeat: number, rowCount: number): Uint8Array {
  const values = new Uint8Array(repeat * rowCount);
  const cellBytes = Math.ceil(repeat / 8);
  for (let row = 0, to = 0; row < rowCount; row++) {
    for (let bit = 0; bit < repeat; bit++) {
      values[to++] = (bytes[row * cellBytes + (bit >> 3)]! >> (7 - (bit & 7))) & 1;
    }
  }
  return values;
}

/** One loop per type: a call per value would cost several times the read. */
function storedNumbers({ bytes, rowBytes, rowCount }: StoredRows, { code, repeat, offset }: Column): TypedArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const perRow = code === 'C' || code === 'M' ? 2 * repeat : repeat;
  const count = rowCount * perRow;
  let to = 0;
  switch (code) {
    case 'I': {
      const values = new Int16Array(count);
      for (let row = 0, at = offset; row < rowCount; row++, at += rowBytes)
        for (let i = 0; i < perRow; i++) values[to++] = view.getInt16(at + 2 * i);
      return values;
    }
    case 'J': {
      const values = new Int32Array(count);
      for (let row = 0, at = offset; row < rowCount; row++, at += rowBytes)
        for (let i = 0; i < perRow; i++) values[to++] = view.getInt32(at + 4 * i);
      return values;
    }
    case 'K': {
      // As pairs of 32 bits: a BigInt for every value would cost ten times as much
      const values = new BigInt64Array(count);
      const halves = new Int32Array(values.buffer);
      for (let row = 0, at = offset; row < rowCount; row++, at += rowBytes)
        for (let i = 0; i < perRow; i++) {
          halves[to++] = view.getInt32(at + 8 * i + 4);
          halves[to++] = view.getInt32(at + 8 * i);
        }
      return values;
    }
    case 'E':
    case 'C': {
      const values = new Float32Array(count);
      for (let row = 0, at = offset; row < rowCount; row++, at += rowBytes)
        for (let i = 0; i < perRow; i++) values[to++] = view.getFloat32(at + 4 * i);
      return values;
    }
    case 'D':
    case 'M': {
      const values = new Float64Array(count);
      for (let row = 0, at = offset; row < rowCount; row++, at += rowBytes)
        for (let i = 0; i < perRow; i++) values[to++] = view.getFloat64(at + 8 * i);
      return values;
    }
    default: {
      const values = new Uint8Array(count);
      for (let row = 0, at = offset; row < rowCount; row++, at += rowBytes)
        for (let i = 0; i < perRow; i++) values[to++] = bytes[at + i]!;
      return values;
    }
  }
}
