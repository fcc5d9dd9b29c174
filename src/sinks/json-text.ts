import { TidegateError } from '../errors.ts';
import { INLINE_BYTES, INLINE_ELEMENTS, jsonBytes, jsonNumber } from '../json-value.ts';

/** Nesting up to this depth is written; deeper values (and cycles, which have no end) are `ERR_LIMIT`. */
export const MAX_JSON_DEPTH = 2_000;

/** Depth to which {@link isPlainJson} looks: deeper values take the slower way. */
const PLAIN_DEPTH = 32;

/**
 * Any value as well-formed JSON, by the value rules of the record contract: NaN and the infinities are strings,
 * integers beyond 2^53 decimal strings, `-0` stays `-0`, bytes are `{ base64 }`, typed arrays are arrays (what is
 * longer than {@link INLINE_BYTES} or {@link INLINE_ELEMENTS} is bulk), lone surrogates are U+FFFD. What JSON has no
 * word for (functions, symbols, `undefined`) is left out, as `JSON.stringify` does.
 *
 * Fails with `ERR_LIMIT` beyond {@link MAX_JSON_DEPTH}, and with what a getter or `toJSON` of the value throws.
 */
export function jsonText(value: unknown): string {
  if (isPlainJson(value)) {
    const text = JSON.stringify(value) ?? 'null';
    if (!hasLoneSurrogate(text)) return text;
  }
  return carefulText(value);
}

/** {@link jsonText} without a look for the short way. */
export function carefulText(value: unknown): string {
  return slowText(value, 0) ?? 'null';
}

/** JSON.stringify writes a lone surrogate as `\udXXX`, which strict readers refuse. May find more than there is. */
export function hasLoneSurrogate(json: string): boolean {
  return json.includes('\\ud');
}

/** Whether `JSON.stringify` alone gets it right. Costs 70 ns a record, where writing it costs 1,200. */
export function isPlainJson(value: unknown, depth: number = PLAIN_DEPTH): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return true;
    case 'number':
      return value - value === 0 && (value !== 0 || 1 / value > 0);
    case 'object':
      return value === null || (depth > 0 && isPlainObject(value, depth - 1));
    default:
      return false;
  }
}

function isPlainObject(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isPlainJson(value[i], depth)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) if (!isPlainJson((value as Record<string, unknown>)[key], depth)) return false;
  return true;
}

function slowText(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'boolean':
      return String(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : JSON.stringify(jsonNumber(value));
    case 'bigint':
      return JSON.stringify(jsonNumber(value));
    case 'object':
      return value === null ? 'null' : objectText(value, depth + 1);
    default:
      return undefined;
  }
}

function stringText(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

function objectText(value: object, depth: number): string | undefined {
  if (depth > MAX_JSON_DEPTH) {
    throw new TidegateError('ERR_LIMIT', `Cannot write this value: nested deeper than ${MAX_JSON_DEPTH}`);
  }
  const { toJSON } = value as { toJSON?: unknown };
  if (ArrayBuffer.isView(value)) return viewText(value, depth);
  if (value instanceof ArrayBuffer) return viewText(new Uint8Array(value), depth);
  if (typeof toJSON === 'function') return slowText(toJSON.call(value), depth);
  if (value instanceof Map) return membersText(value, depth);
  if (Array.isArray(value) || value instanceof Set) return arrayText(value, depth);
  return isBulkField(value) ? bulkFieldText(value, depth) : membersText(Object.entries(value), depth);
}

function arrayText(values: Iterable<unknown>, depth: number): string {
  const parts: string[] = [];
  for (const value of values) parts.push(slowText(value, depth) ?? 'null');
  return `[${parts.join(',')}]`;
}

function membersText(entries: Iterable<[unknown, unknown]>, depth: number): string {
  const parts: string[] = [];
  for (const [key, value] of entries) {
    const text = slowText(value, depth);
    if (text !== undefined) parts.push(`${stringText(String(key))}:${text}`);
  }
  return `{${parts.join(',')}}`;
}

function viewText(view: ArrayBufferView, depth: number): string {
  if (isBulk(view)) return `{"bulk":true,"length":${view.byteLength}}`;
  return isBytes(view) ? JSON.stringify(jsonBytes(view)) : arrayText(view as unknown as Iterable<number>, depth);
}

/** `Uint8Array` and `DataView` are bytes; every other typed array is a row of numbers. */
function isBytes(view: ArrayBufferView): view is Uint8Array {
  return view instanceof Uint8Array || view instanceof DataView;
}

function isBulk(view: ArrayBufferView): boolean {
  return isBytes(view)
    ? view.byteLength > INLINE_BYTES
    : (view as unknown as ArrayLike<number>).length > INLINE_ELEMENTS;
}

function isBulkField(record: object): record is { value: ArrayBufferView; length?: number } {
  const { kind, value } = record as { kind?: unknown; value?: unknown };
  return kind === 'field' && ArrayBuffer.isView(value) && isBulk(value);
}

/** A field whose value is too long for a record: `value` is `null`, `bulk` says why, `length` how long. */
function bulkFieldText(record: { value: ArrayBufferView; length?: number }, depth: number): string {
  const length = record.length ?? record.value.byteLength;
  return membersText(Object.entries({ ...record, value: null, length, bulk: true }), depth);
}
