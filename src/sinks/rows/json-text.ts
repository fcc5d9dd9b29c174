import { TidegateError } from '../../errors.ts';
import { INLINE_BYTES, INLINE_ELEMENTS, jsonBytes, jsonNumber } from '../../json-value.ts';

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
  const root = textOf(value);
  return typeof root === 'object' ? nestedText(root) : (root ?? 'null');
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

/** An array (its members have no key) or an object that is being written. */
interface Open {
  readonly members: Iterator<readonly [key: unknown, value: unknown]>;
  readonly end: ']' | '}';
}

/** Without recursion: how deep a value goes is up to a file, how much stack is left is up to who calls. */
function nestedText(root: Open): string {
  const open: Open[] = [root];
  let text = startOf(root);
  let isFirst = true;
  for (let top: Open | undefined = root; top !== undefined; top = open.at(-1)) {
    const { done, value: member } = top.members.next();
    if (done === true) {
      text += top.end;
      open.pop();
      isFirst = false;
      continue;
    }
    const isArray = top.end === ']';
    const inner = textOf(member[1]) ?? (isArray ? 'null' : undefined);
    if (inner === undefined) continue;
    if (!isFirst) text += ',';
    if (!isArray) text += `${stringText(String(member[0]))}:`;
    isFirst = typeof inner === 'object';
    text += typeof inner === 'object' ? startOf(inner) : inner;
    if (typeof inner === 'object' && open.push(inner) > MAX_JSON_DEPTH) throw tooDeep();
  }
  return text;
}

const startOf = (open: Open): string => (open.end === ']' ? '[' : '{');

const tooDeep = (): TidegateError =>
  new TidegateError('ERR_LIMIT', `Cannot write this value: nested deeper than ${MAX_JSON_DEPTH}`);

function textOf(value: unknown): string | Open | undefined {
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
      return value === null ? 'null' : objectText(value);
    default:
      return undefined;
  }
}

function stringText(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

function objectText(start: object): string | Open | undefined {
  let value: unknown = start;
  for (let calls = 0; hasToJson(value); calls++) {
    if (calls > MAX_JSON_DEPTH) throw tooDeep();
    value = (value as { toJSON(): unknown }).toJSON();
  }
  if (typeof value !== 'object' || value === null) return textOf(value);
  if (ArrayBuffer.isView(value)) return viewText(value);
  if (value instanceof ArrayBuffer) return viewText(new Uint8Array(value));
  if (value instanceof Map) return { members: value.entries(), end: '}' };
  if (Array.isArray(value) || value instanceof Set) return array(value as Iterable<unknown>);
  return isBulkField(value) ? bulkField(value) : members(value);
}

function hasToJson(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

function array(values: Iterable<unknown>): Open {
  return { members: keyless(values), end: ']' };
}

function members(value: object): Open {
  return { members: Object.entries(value).values(), end: '}' };
}

function* keyless(values: Iterable<unknown>): Iterator<readonly [undefined, unknown]> {
  for (const value of values) yield [undefined, value];
}

function viewText(view: ArrayBufferView): string | Open {
  if (isBulk(view)) return `{"bulk":true,"length":${view.byteLength}}`;
  return isBytes(view) ? JSON.stringify(jsonBytes(view)) : array(view as unknown as Iterable<number>);
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
function bulkField(record: { value: ArrayBufferView; length?: number }): Open {
  const length = record.length ?? record.value.byteLength;
  return members({ ...record, value: null, length, bulk: true });
}
