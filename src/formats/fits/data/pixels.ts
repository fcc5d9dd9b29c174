import { isIdentity, type Scaling } from './scaling.ts';
import type { TypedArray } from './typed.ts';

type ArrayType = new (buffer: ArrayBuffer, offset: number, count: number) => TypedArray;

const TYPES: Readonly<Record<number, ArrayType>> = {
  8: Uint8Array,
  16: Int16Array,
  32: Int32Array,
  64: BigInt64Array,
  [-32]: Float32Array,
  [-64]: Float64Array,
};

/** The typed array that holds values of a BITPIX. */
export function arrayTypeOf(bitpix: number): ArrayType {
  return TYPES[bitpix] ?? Uint8Array;
}

/** Big-endian values as a typed array in the machine's order; the bytes are copied. */
export function nativeValues(bytes: Uint8Array, bitpix: number): TypedArray {
  const count = Math.floor((8 * bytes.byteLength) / Math.abs(bitpix));
  const out = new (arrayTypeOf(bitpix))(new ArrayBuffer((count * Math.abs(bitpix)) / 8), 0, count);
  fillNative(out, bytes);
  return out;
}

/** Fills an array with big-endian values, as many as it has. */
export function fillNative(out: TypedArray, bytes: Uint8Array): void {
  const buffer = Buffer.from(out.buffer as ArrayBuffer, out.byteOffset, out.byteLength);
  buffer.set(out.byteLength === bytes.byteLength ? bytes : bytes.subarray(0, out.byteLength));
  if (out.BYTES_PER_ELEMENT === 2) buffer.swap16();
  else if (out.BYTES_PER_ELEMENT === 4) buffer.swap32();
  else if (out.BYTES_PER_ELEMENT === 8) buffer.swap64();
}

/**
 * Physical values: as stored where nothing is to be scaled; exact unsigned (of a byte: signed) integers where the
 * zero is that of the convention (FITS 4.0 table 11); else float64, in which a blank is NaN.
 */
export function physicalValues(stored: TypedArray, scaling: Scaling): TypedArray {
  if (isIdentity(scaling)) return stored;
  const { scale, zero, blank } = scaling;
  if (scale === 1) {
    if (stored instanceof Int16Array && zero === 2 ** 15)
      return flipSign(new Uint16Array(stored.buffer as ArrayBuffer, stored.byteOffset, stored.length), 0x8000);
    if (stored instanceof Int32Array && zero === 2 ** 31)
      return flipSign(new Uint32Array(stored.buffer as ArrayBuffer, stored.byteOffset, stored.length), 0x80000000);
    if (stored instanceof Uint8Array && zero === -128)
      return flipSign(new Int8Array(stored.buffer as ArrayBuffer, stored.byteOffset, stored.length), 0x80);
    if (stored instanceof BigInt64Array && zero === 2 ** 63) {
      const values = new BigUint64Array(stored.buffer as ArrayBuffer, stored.byteOffset, stored.length);
      for (let i = 0; i < values.length; i++) values[i]! ^= 1n << 63n;
      return values;
    }
  }
  const values = new Float64Array(stored.length);
  const none = stored instanceof BigInt64Array || blank === undefined ? blank : Number(blank);
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!;
    values[i] = value === none ? Number.NaN : zero + scale * Number(value);
  }
  return values;
}

/** Adds half the range, which is to flip the highest bit. */
function flipSign<T extends Uint16Array | Uint32Array | Int8Array>(values: T, bit: number): T {
  for (let i = 0; i < values.length; i++) values[i]! ^= bit;
  return values;
}
