import { INLINE_BYTES, INLINE_ELEMENTS, jsonBytes, jsonNumber } from '../../../json-value.ts';
import type { Json } from '../../../records.ts';

/** Nesting of a tag's value (a lyrics tag has lists of objects); deeper parts are `null`. */
const MAX_VALUE_DEPTH = 6;

/** A tag's value as a record carries it. */
export interface TagValue {
  readonly value: Json;
  readonly dtype: string;
  /** Too large to be carried. */
  readonly isBulk: boolean;
}

/** Well-formed text: a lone surrogate becomes U+FFFD, and the NULs that pad a text field are dropped. */
export function cleanText(text: string): string {
  const end = text.search(/\0+$/);
  return Buffer.from(end < 0 ? text : text.slice(0, end), 'utf8').toString('utf8');
}

/** Whatever music-metadata found, as JSON. Keys are the file's own: `__proto__` is a key like any other. */
export function tagValue(value: unknown): TagValue {
  const size = { elements: 0, isBulk: false };
  const json = toJson(value, 0, size);
  const isBulk = size.isBulk || size.elements > INLINE_ELEMENTS;
  return { value: isBulk ? null : json, dtype: dtypeOf(value), isBulk };
}

function dtypeOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'json' : dtypeOf(value[0]);
  if (typeof value === 'string' || value instanceof Date) return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return value instanceof Uint8Array ? 'bytes' : 'json';
}

function toJson(value: unknown, depth: number, size: { elements: number; isBulk: boolean }): Json {
  size.elements++;
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number' || typeof value === 'bigint') return jsonNumber(value);
  if (typeof value === 'boolean') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value !== 'object' || value === null || depth >= MAX_VALUE_DEPTH) return null;
  if (ArrayBuffer.isView(value)) return bytesJson(value, size);
  if (size.elements > INLINE_ELEMENTS) return null;
  if (Array.isArray(value)) return value.map((element) => toJson(element, depth + 1, size));
  const entries = Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(entries.map(([key, part]) => [cleanText(key), toJson(part, depth + 1, size)]));
}

function bytesJson(view: ArrayBufferView, size: { isBulk: boolean }): Json {
  if (view.byteLength > INLINE_BYTES) {
    size.isBulk = true;
    return null;
  }
  return jsonBytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}
