import { viewOf } from '../../bytes/page-cache.ts';
import type { Datatype, FloatType, IntegerType } from './datatype.ts';
import { numberReader } from './number.ts';
import type { NumberArray } from './statistics.ts';

type ArrayClass = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => NumberArray;

const INTEGERS: Readonly<Record<string, ArrayClass>> = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
};

/** `true` if elements of this type are plain numbers. */
export function isNumeric(type: Datatype): type is IntegerType | FloatType {
  return type.class === 'integer' || type.class === 'float';
}

/**
 * Elements as an array of numbers: a view of `bytes` where the machine reads them as they are, else a copy. Types
 * that no array has (half floats, 3-byte integers) become `Float64Array`.
 */
export function numberArray(bytes: Buffer, type: IntegerType | FloatType): NumberArray {
  const { sizeBytes } = type;
  const count = Math.floor(bytes.length / sizeBytes);
  const Native = nativeArray(type);
  if (!Native) return readOneByOne(bytes, type, count);
  const isBigEndian = type.class === 'float' ? type.byteOrder === 'big' : type.isBigEndian;
  const isUsable = bytes.byteOffset % sizeBytes === 0 && (sizeBytes === 1 || !isBigEndian);
  if (isUsable) return new Native(bytes.buffer, bytes.byteOffset, count);
  const copy = Buffer.allocUnsafeSlow(count * sizeBytes);
  bytes.copy(copy, 0, 0, copy.length);
  if (isBigEndian) swap(copy, sizeBytes);
  return new Native(copy.buffer, copy.byteOffset, count);
}

function nativeArray(type: IntegerType | FloatType): ArrayClass | undefined {
  if (type.class !== 'float') {
    const isWhole = type.bitOffset === 0 && type.bitCount === type.sizeBytes * 8;
    return isWhole ? INTEGERS[`${type.isSigned ? 'i' : 'u'}${type.sizeBytes}`] : undefined;
  }
  if (type.byteOrder === 'vax' || type.normalization !== 2) return undefined;
  if (type.sizeBytes === 4 && type.exponentBits === 8 && type.mantissaBits === 23) return Float32Array;
  return type.sizeBytes === 8 && type.exponentBits === 11 && type.mantissaBits === 52 ? Float64Array : undefined;
}

function readOneByOne(bytes: Buffer, type: IntegerType | FloatType, count: number): Float64Array {
  const out = new Float64Array(count);
  const read = numberReader(type);
  const view = viewOf(bytes);
  for (let index = 0; index < count; index++) out[index] = Number(read(view, index * type.sizeBytes));
  return out;
}

function swap(bytes: Buffer, sizeBytes: number): void {
  if (sizeBytes === 2) bytes.swap16();
  else if (sizeBytes === 4) bytes.swap32();
  else if (sizeBytes === 8) bytes.swap64();
}
