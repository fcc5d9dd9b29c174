import type { DataAccess } from '../data/access.ts';
import { nativeValues } from '../data/pixels.ts';
import type { TypedArray } from '../data/typed.ts';
import { type Column, ELEMENT_BYTES } from './column.ts';
import { bits, type Decoded, logicals, type StoredRows, scaled } from './decode.ts';
import type { Table } from './table.ts';
import { ListValues } from './values.ts';

/** Where the arrays of one column are. */
export interface Descriptors {
  /** Elements of each. */
  readonly counts: Float64Array;
  /** First byte of each within the heap. */
  readonly offsets: Float64Array;
  /** Bytes of all of them in the heap, and as values: bits become bytes. */
  readonly totalBytes: number;
  readonly valueBytes: number;
}

/** The descriptors of a column (FITS 4.0 section 7.3.5). `ERR_MALFORMED` if one points out of the heap. */
export function descriptorsOf(rows: StoredRows, column: Column, table: Table): Descriptors {
  const { bytes, rowBytes, rowCount } = rows;
  const counts = new Float64Array(rowCount);
  const offsets = new Float64Array(rowCount);
  let totalBytes = 0;
  for (let row = 0, at = column.offset; row < rowCount; row++, at += rowBytes) {
    const isWide = column.heap === 'Q';
    const count = isWide ? Number(bytes.readBigInt64BE(at)) : bytes.readInt32BE(at);
    const offset = isWide ? Number(bytes.readBigInt64BE(at + 8)) : bytes.readInt32BE(at + 4);
    const cellBytes = Math.ceil(count * ELEMENT_BYTES[column.code]);
    if (count === 0) continue; // nothing there: the offset means nothing
    if (count < 0 || offset < 0 || offset + cellBytes > table.heapBytes) {
      throw table.hdu.keywords.malformed(
        `a descriptor of field ${column.number} points to ${count} elements at ${offset}, out of the heap of ${table.heapBytes} bytes`,
      );
    }
    counts[row] = count;
    offsets[row] = offset;
    totalBytes += cellBytes;
  }
  return { counts, offsets, totalBytes, valueBytes: column.code === 'X' ? 8 * totalBytes : totalBytes };
}

const GAP_BYTES = 4096;
const SPAN_BYTES = 1 << 20;

/** Copies arrays out of the heap of a table. */
export class HeapReader {
  readonly #access: DataAccess;
  readonly #table: Table;
  /** By column number, where the arrays of one batch may take the place of those before. */
  readonly #targets: Map<number, Buffer> | undefined;
  #span: Buffer | undefined;

  constructor(access: DataAccess, table: Table, isReused: boolean) {
    this.#access = access;
    this.#table = table;
    this.#targets = isReused ? new Map() : undefined;
  }

  /** The arrays of a column, one after another. Neighbours are read together. */
  async read(column: Column, where: Descriptors): Promise<Buffer> {
    const { counts, offsets } = where;
    const target = this.#target(column.number, where.totalBytes);
    const cellBytes = (row: number): number => Math.ceil(counts[row]! * ELEMENT_BYTES[column.code]);
    for (let row = 0, to = 0; row < counts.length; ) {
      if (counts[row] === 0) {
        row++;
        continue;
      }
      const start = offsets[row]!;
      let end = start + cellBytes(row);
      let next = row + 1;
      for (; next < counts.length; next++) {
        if (counts[next] === 0) continue;
        const isNear = offsets[next]! >= start && offsets[next]! <= end + GAP_BYTES;
        const wouldEnd = Math.max(end, offsets[next]! + cellBytes(next));
        if (!isNear || wouldEnd - start > SPAN_BYTES) break;
        end = wouldEnd;
      }
      const span = await this.#readSpan(start, end);
      for (; row < next; row++) {
        if (counts[row] === 0) continue;
        to += span.copy(target, to, offsets[row]! - start, offsets[row]! - start + cellBytes(row));
      }
    }
    return target;
  }

  async #readSpan(start: number, end: number): Promise<Buffer> {
    this.#span ??= Buffer.allocUnsafeSlow(Math.min(SPAN_BYTES, this.#table.heapBytes));
    const bytes =
      end - start <= this.#span.length ? this.#span.subarray(0, end - start) : Buffer.allocUnsafe(end - start);
    await this.#access.readInto(bytes, this.#table.heapOffset + start);
    return bytes;
  }

  #target(number: number, totalBytes: number): Buffer {
    if (this.#targets === undefined) return Buffer.alloc(totalBytes);
    let memory = this.#targets.get(number);
    if (memory === undefined || memory.length < totalBytes) {
      memory = Buffer.allocUnsafeSlow(totalBytes);
      this.#targets.set(number, memory);
    }
    return memory.subarray(0, totalBytes);
  }
}

/** The arrays of a column, in physical units. */
export function decodeLists(bytes: Buffer, column: Column, { counts }: Descriptors): Decoded {
  const { code } = column;
  const perElement = code === 'C' || code === 'M' ? 2 : 1;
  const starts = new Uint32Array(counts.length + 1);
  for (let row = 0; row < counts.length; row++) starts[row + 1] = starts[row]! + counts[row]! * perElement;
  const list = (values: TypedArray): ListValues => new ListValues(starts, values, code === 'A');
  if (code === 'A') return { values: list(bytes), nulls: undefined };
  if (code === 'L') {
    const { values, nulls } = logicals(bytes);
    return { values: list(values as Uint8Array), nulls };
  }
  if (code === 'X') return { values: list(bitLists(bytes, counts, starts.at(-1)!)), nulls: undefined };
  const { values, nulls } = scaled(code === 'B' ? bytes : nativeValues(bytes, ELEMENT_BITPIX[code]!), column);
  return { values: list(values as TypedArray), nulls };
}

const ELEMENT_BITPIX: Readonly<Record<string, number>> = { B: 8, I: 16, J: 32, K: 64, E: -32, D: -64, C: -32, M: -64 };

/** Every array of bits begins on a byte. */
function bitLists(bytes: Buffer, counts: Float64Array, total: number): Uint8Array {
  const values = new Uint8Array(total);
  for (let row = 0, at = 0, to = 0; row < counts.length; row++) {
    const count = counts[row]!;
    values.set(bits(bytes.subarray(at, at + Math.ceil(count / 8)), count, 1), to);
    at += Math.ceil(count / 8);
    to += count;
  }
  return values;
}
