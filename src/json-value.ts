import type { Json } from './records.ts';

/** Bytes up to this many are carried in a record; longer values are `bulk`. */
export const INLINE_BYTES = 64;
/** Arrays up to this many elements are carried in a record; longer ones are `bulk`. */
export const INLINE_ELEMENTS = 1024;

/** A number in JSON: NaN and the infinities become strings, integers beyond 2^53 decimal strings. */
export function jsonNumber(value: number | bigint): number | string {
  if (typeof value === 'bigint') {
    return value >= -9007199254740992n && value <= 9007199254740992n ? Number(value) : value.toString();
  }
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** Bytes in JSON: `{ base64 }`. The caller has seen that there are at most {@link INLINE_BYTES}. */
export function jsonBytes(bytes: Uint8Array): Json {
  return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
}

/** No value is `null`, one stands alone, several make an array. */
export function jsonValues(values: readonly Json[]): Json {
  return values.length === 0 ? null : values.length === 1 ? values[0]! : values;
}
