import type { NcTypeName } from './nc-type.ts';
import type { Numbers } from './statistics.ts';

/** Numbers of a file in memory. 64-bit integers keep their exact form beside the rounded one. */
export interface DecodedNumbers {
  readonly numbers: Numbers;
  readonly exact?: BigInt64Array | BigUint64Array;
}

/**
 * The big-endian elements of `bytes`, swapped in place: `bytes` must be the caller's own, and begin at a multiple of
 * the size of an element in its memory.
 */
export function decodeNumbers(type: NcTypeName, bytes: Buffer): DecodedNumbers {
  const { buffer, byteOffset, length } = bytes;
  switch (type) {
    case 'byte':
      return { numbers: new Int8Array(buffer, byteOffset, length) };
    case 'char':
    case 'ubyte':
      return { numbers: new Uint8Array(buffer, byteOffset, length) };
    case 'short':
      bytes.swap16();
      return { numbers: new Int16Array(buffer, byteOffset, length / 2) };
    case 'ushort':
      bytes.swap16();
      return { numbers: new Uint16Array(buffer, byteOffset, length / 2) };
    case 'int':
      bytes.swap32();
      return { numbers: new Int32Array(buffer, byteOffset, length / 4) };
    case 'uint':
      bytes.swap32();
      return { numbers: new Uint32Array(buffer, byteOffset, length / 4) };
    case 'float':
      bytes.swap32();
      return { numbers: new Float32Array(buffer, byteOffset, length / 4) };
    case 'double':
      bytes.swap64();
      return { numbers: new Float64Array(buffer, byteOffset, length / 8) };
    case 'int64':
      bytes.swap64();
      return rounded(new BigInt64Array(buffer, byteOffset, length / 8));
    case 'uint64':
      bytes.swap64();
      return rounded(new BigUint64Array(buffer, byteOffset, length / 8));
  }
}

function rounded(exact: BigInt64Array | BigUint64Array): DecodedNumbers {
  return { numbers: Float64Array.from(exact as BigInt64Array, Number), exact };
}
