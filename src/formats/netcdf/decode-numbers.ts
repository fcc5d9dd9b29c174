import type { NumberArray } from '../hdf5/statistics.ts';
import type { NcTypeName } from './nc-type.ts';

type ArrayClass = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => NumberArray;

const ARRAYS: Readonly<Record<NcTypeName, ArrayClass>> = {
  byte: Int8Array,
  char: Uint8Array,
  short: Int16Array,
  int: Int32Array,
  float: Float32Array,
  double: Float64Array,
  ubyte: Uint8Array,
  ushort: Uint16Array,
  uint: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
};

/**
 * The big-endian elements of `bytes`, which are swapped in place: they must be the caller's own, and begin at a
 * multiple of the size of an element in their memory.
 */
export function decodeNumbers(type: NcTypeName, sizeBytes: number, bytes: Buffer): NumberArray {
  if (sizeBytes === 2) bytes.swap16();
  else if (sizeBytes === 4) bytes.swap32();
  else if (sizeBytes === 8) bytes.swap64();
  return new ARRAYS[type](bytes.buffer, bytes.byteOffset, bytes.length / sizeBytes);
}
