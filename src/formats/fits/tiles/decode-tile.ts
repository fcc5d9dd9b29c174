import { TidegateError } from '../../../errors.ts';
import { arrayTypeOf, fillNative } from '../data/pixels.ts';
import type { TypedArray } from '../data/typed.ts';
import { gunzipTile, unshuffle } from './gzip.ts';
import { hcompressDecode } from './hcompress.ts';
import { plioDecode } from './plio.ts';
import { riceDecode } from './rice.ts';
import type { Tiling } from './tiling.ts';
import type { NewArray } from './workspace.ts';

/**
 * The pixels of one tile as they were packed: integers, or floating-point numbers that were not quantised.
 * `isQuantized`: they stand for floating-point numbers. `ERR_INFLATE` if the bytes are damaged, `ERR_UNSUPPORTED` if
 * the codec is not known.
 */
export function decodeTile(
  tiling: Tiling,
  codec: string,
  isQuantized: boolean,
  packed: TypedArray,
  shape: readonly number[],
  newArray: NewArray,
): TypedArray {
  const count = shape.reduce((product, axis) => product * axis, 1);
  const values = decode(tiling, codec, isQuantized, packed, shape, count, newArray);
  if (values === undefined || values.length !== count) {
    throw new TidegateError(
      'ERR_INFLATE',
      `Cannot decode a tile: ${values?.length ?? 'not all'} of its ${count} pixels are there`,
    );
  }
  return values;
}

function decode(
  tiling: Tiling,
  codec: string,
  isQuantized: boolean,
  packed: TypedArray,
  shape: readonly number[],
  count: number,
  newArray: NewArray,
): TypedArray | undefined {
  switch (codec) {
    case 'RICE_1':
    case 'RICE_ONE': {
      const pixelBytes = tiling.parameters.get('BYTEPIX') ?? 4;
      const blockPixels = tiling.parameters.get('BLOCKSIZE') ?? 32;
      if (![1, 2, 4].includes(pixelBytes) || !(blockPixels >= 1)) break;
      return riceDecode(bytesOf(packed), pixelBytes, Math.trunc(blockPixels), count, newArray);
    }
    case 'PLIO_1':
      return packed instanceof Int16Array ? plioDecode(packed, count, newArray) : undefined;
    case 'GZIP_1':
    case 'GZIP_2': {
      const width = isQuantized ? 4 : Math.abs(tiling.bitpix) / 8;
      return gunzip(packed, width * count, 8 * count, (plain) =>
        plainValues(tiling, isQuantized, plain, count, codec === 'GZIP_2', newArray),
      );
    }
    case 'HCOMPRESS_1':
      return hcompressDecode(bytesOf(packed), shape, tiling.parameters.get('SMOOTH') === 1);
    case 'NOCOMPRESS':
      return packed instanceof Uint8Array ? plainValues(tiling, isQuantized, packed, count, false, newArray) : packed;
  }
  throw new TidegateError(
    'ERR_UNSUPPORTED',
    `Cannot decode tiles: ZCMPTYPE is '${codec}' with ${JSON.stringify([...tiling.parameters])}`,
  );
}

function bytesOf(values: TypedArray): Uint8Array {
  if (values instanceof Uint8Array) return values;
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function gunzip<T>(packed: TypedArray, expectedBytes: number, mostBytes: number, use: (plain: Buffer) => T): T {
  try {
    return gunzipTile(bytesOf(packed), expectedBytes, mostBytes, use);
  } catch (error) {
    throw new TidegateError('ERR_INFLATE', `Cannot decode a tile: ${(error as Error).message}`, { cause: error });
  }
}

/** Big-endian values whose width shows in their number: quantised ones have 4 bytes whatever ZBITPIX says. */
function plainValues(
  { bitpix }: Tiling,
  isQuantized: boolean,
  bytes: Uint8Array,
  count: number,
  isShuffled: boolean,
  newArray: NewArray,
): TypedArray | undefined {
  const width = bytes.length / count;
  const isFloat = bitpix < 0 && !isQuantized;
  if (isFloat ? 8 * width !== -bitpix : ![1, 2, 4, 8].includes(width)) return undefined;
  const out = newArray(arrayTypeOf(isFloat ? bitpix : 8 * width), count);
  if (isShuffled) unshuffle(out, bytes);
  else fillNative(out, bytes);
  return out;
}
