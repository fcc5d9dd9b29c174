import type { FloatType, IntegerType } from './datatype.ts';

/** Reads the number that begins at byte `at`. Integers of more than 6 bytes are `bigint`. */
export type NumberReader = (view: DataView, at: number) => number | bigint;

const READERS = new WeakMap<IntegerType | FloatType, NumberReader>();

/** How numbers of this type are read; any width, order and layout that the specification allows. */
export function numberReader(type: IntegerType | FloatType): NumberReader {
  let reader = READERS.get(type);
  if (!reader) READERS.set(type, (reader = type.class === 'float' ? floatReader(type) : integerReader(type)));
  return reader;
}

function integerReader(type: IntegerType): NumberReader {
  const { sizeBytes, isBigEndian, isSigned, bitOffset, bitCount } = type;
  if (bitOffset !== 0 || bitCount !== sizeBytes * 8) return bitsReader(type);
  const isLittle = !isBigEndian;
  switch (sizeBytes) {
    case 1:
      return isSigned ? (view, at) => view.getInt8(at) : (view, at) => view.getUint8(at);
    case 2:
      return isSigned ? (view, at) => view.getInt16(at, isLittle) : (view, at) => view.getUint16(at, isLittle);
    case 4:
      return isSigned ? (view, at) => view.getInt32(at, isLittle) : (view, at) => view.getUint32(at, isLittle);
    case 8:
      return isSigned ? (view, at) => view.getBigInt64(at, isLittle) : (view, at) => view.getBigUint64(at, isLittle);
    default:
      return bitsReader(type);
  }
}

function bitsReader({ sizeBytes, isBigEndian, isSigned, bitOffset, bitCount }: IntegerType): NumberReader {
  return (view, at) => {
    const all = bigUint(view, at, sizeBytes, isBigEndian ? 'big' : 'little');
    const field = BigInt.asUintN(bitCount, all >> BigInt(bitOffset));
    const value = isSigned ? BigInt.asIntN(bitCount, field) : field;
    return sizeBytes <= 6 ? Number(value) : value;
  };
}

function floatReader(type: FloatType): NumberReader {
  const isLittle = type.byteOrder === 'little';
  if (type.byteOrder !== 'vax' && type.normalization === 2) {
    if (isIeee(type, 4, 8, 23)) return (view, at) => view.getFloat32(at, isLittle);
    if (isIeee(type, 8, 11, 52)) return (view, at) => view.getFloat64(at, isLittle);
  }
  return (view, at) => assembleFloat(type, bigUint(view, at, type.sizeBytes, type.byteOrder));
}

function isIeee(type: FloatType, sizeBytes: number, exponentBits: number, mantissaBits: number): boolean {
  return (
    type.sizeBytes === sizeBytes &&
    type.exponentBits === exponentBits &&
    type.mantissaBits === mantissaBits &&
    type.mantissaBit === 0 &&
    type.exponentBit === mantissaBits &&
    type.signBit === sizeBytes * 8 - 1 &&
    type.exponentBias === 2 ** (exponentBits - 1) - 1
  );
}

/** Half, bfloat, x87 extended, quad and the rest, from their fields (spec. IV.A.2.d, class 1). */
function assembleFloat(type: FloatType, all: bigint): number {
  const field = (bit: number, count: number) => BigInt.asUintN(count, all >> BigInt(bit));
  const sign = field(type.signBit, 1) === 1n ? -1 : 1;
  const exponent = Number(field(type.exponentBit, type.exponentBits));
  const mantissaBits = field(type.mantissaBit, type.mantissaBits);
  const fraction = Number(mantissaBits) / 2 ** type.mantissaBits;
  const isHighest = exponent === 2 ** type.exponentBits - 1;
  if (isHighest && type.byteOrder !== 'vax') {
    // The stored first bit of x87 numbers says nothing about infinity.
    const rest = type.normalization === 2 ? mantissaBits : BigInt.asUintN(type.mantissaBits - 1, mantissaBits);
    return rest === 0n ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  if (type.normalization !== 2) return sign * fraction * 2 * scale(exponent - type.exponentBias);
  if (exponent === 0) return sign * fraction * 2 * scale(-type.exponentBias);
  return sign * (1 + fraction) * scale(exponent - type.exponentBias);
}

function scale(exponent: number): number {
  return 2 ** exponent;
}

/** VAX: 16-bit words, each little-endian, the first one the most significant. */
function bigUint(view: DataView, at: number, byteCount: number, order: 'little' | 'big' | 'vax'): bigint {
  let value = 0n;
  for (let index = 0; index < byteCount; index++) {
    const place = order === 'big' ? index : order === 'little' ? byteCount - 1 - index : index ^ 1;
    value = (value << 8n) | BigInt(view.getUint8(at + place));
  }
  return value;
}
