import type { Column } from './column.ts';
import { type Decoded, type StoredRows, scaled } from './decode.ts';
import { decodeText, TextValues } from './values.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[EDed]?[+-]?\d+)?$/;

/** The values of a column of a text table (FITS 4.0 section 7.2): text, or numbers written in it. */
export function decodeTextField(rows: StoredRows, column: Column): Decoded {
  const { bytes, rowBytes, rowCount } = rows;
  const { offset, cellBytes, text } = column;
  if (text!.code === 'A') {
    const cells = Buffer.allocUnsafe(rowCount * cellBytes);
    for (let row = 0; row < rowCount; row++) {
      bytes.copy(cells, row * cellBytes, row * rowBytes + offset, row * rowBytes + offset + cellBytes);
    }
    return { values: new TextValues(cells, cellBytes), nulls: undefined };
  }
  const nulls = new Uint8Array(rowCount);
  const stored =
    column.code === 'K'
      ? new BigInt64Array(rowCount)
      : column.code === 'J'
        ? new Int32Array(rowCount)
        : new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const at = row * rowBytes + offset;
    const field = decodeText(bytes, at, at + cellBytes).trim();
    if (field === text!.none || field.startsWith('*')) nulls[row] = 1;
    else if (stored instanceof BigInt64Array) stored[row] = bigintOf(field, nulls, row);
    else stored[row] = numberOf(field, text!.decimals, nulls, row);
  }
  return { ...scaled(stored, column), nulls };
}

/** A blank field is 0; what is no number counts as no value. Without a point the last `decimals` digits follow it. */
function numberOf(field: string, decimals: number, nulls: Uint8Array, row: number): number {
  if (field === '') return 0;
  const plain = field.includes(' ') ? field.replaceAll(' ', '') : field;
  if (!NUMBER.test(plain)) {
    nulls[row] = 1;
    return 0;
  }
  let value = Number(plain);
  // 1D5, and Fortran's 1+5
  if (Number.isNaN(value)) value = Number(plain.replace(/[Dd]/, 'E').replace(/(?<=[\d.])([+-])/, 'E$1'));
  return decimals > 0 && !plain.includes('.') ? value / 10 ** decimals : value;
}

function bigintOf(field: string, nulls: Uint8Array, row: number): bigint {
  if (field === '') return 0n;
  const match = /^([+-]?)(\d+)$/.exec(field.replaceAll(' ', ''));
  if (match === null) {
    nulls[row] = 1;
    return 0n;
  }
  return BigInt(match[1] === '-' ? `-${match[2]}` : match[2]!);
}
