import { TidegateError } from '../../../errors.ts';
import { MiB } from '../../../units.ts';
import type { DataAccess } from '../data/access.ts';
import type { TypedArray } from '../data/typed.ts';
import type { Hdu } from '../hdu.ts';
import { type StoredBatch, tableBatches } from '../rows/batches.ts';
import { decodeFixed } from '../rows/decode.ts';
import { describeTable } from '../rows/table.ts';
import { ListValues } from '../rows/values.ts';
import { decodeTile } from './decode-tile.ts';
import { dequantize, type Quantizing } from './quantize.ts';
import { placeOf, type Tiling } from './tiling.ts';
import type { NewArray } from './workspace.ts';

/** One tile of a compressed image, as stored before BSCALE and BZERO. */
export interface Tile {
  /** 0 = the first, the fastest axis first. */
  readonly index: number;
  /** First pixel and pixels along each axis, the fastest axis first. */
  readonly start: readonly number[];
  readonly shape: readonly number[];
  readonly values: TypedArray;
}

const PACKED = ['COMPRESSED_DATA', 'GZIP_COMPRESSED_DATA', 'UNCOMPRESSED_DATA'] as const;
const NUMBERS = ['ZSCALE', 'ZZERO', 'ZBLANK'] as const;

/** The tiles of an image in the order of the table, which has one row for each. Their pixels are in `newArray`s. */
export async function* imageTiles(
  access: DataAccess,
  hdu: Hdu,
  tiling: Tiling,
  maxInflateRatio: number,
  newArray: NewArray,
): AsyncGenerator<Tile, void, void> {
  const table = describeTable(hdu)!;
  if (tiling.tileCount > (table.rowBytes === 0 ? 0 : table.rowCount)) {
    throw hdu.keywords.malformed(`${tiling.tileCount} tiles, but ${table.rowCount} rows of ${table.rowBytes} bytes`);
  }
  const wanted = new Set<string>([...PACKED, ...NUMBERS]);
  const columns = table.columns.map((column) => ({ ...column, name: column.name.toUpperCase() }));
  const used = { ...table, columns: columns.filter(({ name }) => wanted.has(name)), rowCount: tiling.tileCount };
  let leftBytes = 16 * MiB + hdu.dataBytes * maxInflateRatio;
  for await (const batch of tableBatches(access, used, {}, maxInflateRatio, Buffer.allocUnsafe(0))) {
    for (let row = 0; row < batch.rowCount; row++) {
      const index = batch.row + row;
      const place = placeOf(tiling, index);
      const bytes = place.shape.reduce((product, axis) => product * axis, Math.max(4, Math.abs(tiling.bitpix) / 8));
      access.expectHoldable(bytes, `tile ${index}`);
      leftBytes -= bytes;
      if (leftBytes < 0) throw tooMuch(hdu, maxInflateRatio);
      yield { index, ...place, values: unpack(tiling, batch, row, index, place.shape, newArray) };
    }
  }
}

function tooMuch(hdu: Hdu, maxInflateRatio: number): TidegateError {
  const message = `Cannot decode the tiles of ${hdu.path}: they are more than maxInflateRatio of ${maxInflateRatio} times their bytes`;
  return new TidegateError('ERR_LIMIT', message, { offset: hdu.dataOffset, limit: 'maxInflateRatio' });
}

function unpack(
  tiling: Tiling,
  batch: StoredBatch,
  row: number,
  index: number,
  shape: readonly number[],
  newArray: NewArray,
): TypedArray {
  const list = (name: string): TypedArray | undefined => {
    const values = batch.columns.find(({ column }) => column.name === name)?.lists?.values;
    const packed = values instanceof ListValues ? values.at(row) : undefined;
    return packed === undefined || packed.length === 0 || typeof packed === 'string' ? undefined : packed;
  };
  const packed = list('COMPRESSED_DATA');
  if (packed !== undefined) {
    const quantizing = tiling.bitpix < 0 ? quantizingOf(tiling, batch, row) : undefined;
    const values = decodeTile(tiling, tiling.codec, quantizing !== undefined, packed, shape, newArray);
    return quantizing === undefined
      ? narrowed(values, tiling.bitpix, newArray)
      : floats(values, tiling.bitpix, quantizing, index, newArray);
  }
  // Tiles that could not be quantised or shrunk: their pixels as they were (FITS 4.0 section 10.1.3)
  const zipped = list('GZIP_COMPRESSED_DATA');
  if (zipped !== undefined)
    return narrowed(decodeTile(tiling, 'GZIP_1', false, zipped, shape, newArray), tiling.bitpix, newArray);
  const raw = list('UNCOMPRESSED_DATA');
  if (raw !== undefined) return narrowed(raw, tiling.bitpix, newArray);
  throw new TidegateError('ERR_MALFORMED', `Cannot decode tile ${index}: its row has no data`);
}

/** How the tile of a row was quantised, by columns or else by keywords; `undefined` if it was not. */
function quantizingOf(
  { scale, zero, blank, quantize, seed }: Tiling,
  batch: StoredBatch,
  row: number,
): Quantizing | undefined {
  const number = (name: string, keyword: number | undefined): number | undefined => {
    const part = batch.columns.find(({ column }) => column.name === name);
    if (part === undefined || part.lists !== undefined) return keyword;
    const { bytes, rowBytes } = batch.rows;
    const one = { bytes: bytes.subarray(row * rowBytes, (row + 1) * rowBytes), rowBytes, rowCount: 1 };
    return Number(decodeFixed(one, part.column).values.at(0));
  };
  const step = number('ZSCALE', scale);
  if (step === undefined || quantize === 'NONE') return undefined;
  return { scale: step, zero: number('ZZERO', zero) ?? 0, blank: number('ZBLANK', blank), method: quantize, seed };
}

function floats(
  values: TypedArray,
  bitpix: number,
  quantizing: Quantizing,
  index: number,
  newArray: NewArray,
): TypedArray {
  const out = bitpix === -32 ? newArray(Float32Array, values.length) : newArray(Float64Array, values.length);
  const integers = values instanceof Int32Array ? values : Int32Array.from(values as Int16Array);
  dequantize(integers, out, quantizing, index);
  return out;
}

/** Codecs may work in more bits than the image has; what lossy ones push out of range stays at its end. */
function narrowed(values: TypedArray, bitpix: number, newArray: NewArray): TypedArray {
  if (bitpix === 16 && values instanceof Int32Array) {
    const out = newArray(Int16Array, values.length);
    for (let i = 0; i < out.length; i++) out[i] = Math.max(-32768, Math.min(32767, values[i]!));
    return out;
  }
  if (bitpix === 8 && !(values instanceof Uint8Array))
    return new Uint8Array(Uint8ClampedArray.from(values as Int32Array).buffer);
  return values;
}
