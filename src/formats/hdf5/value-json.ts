import { viewOf } from '../../bytes/page.ts';
import { INLINE_BYTES, jsonBytes, jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { Datatype, EnumType } from './datatype.ts';
import type { Reference, Value } from './element.ts';
import { type NumberReader, numberReader } from './number.ts';

/** The JSON of one element, see {@link jsonReader}; `undefined` if it has too many bytes for a record. */
export type JsonOf = (value: Value) => Json | undefined;

const READERS = new WeakMap<Datatype, JsonOf>();

/**
 * How elements of a type look in a record: numbers and text as such, an enum by its name (h5py's FALSE and TRUE as
 * booleans), opaque bytes as `{ base64 }`, a reference as `{ object: address }` (see `attributes.address` of the
 * object records), sequences and arrays as arrays, a compound as an object by the names of its members.
 */
export function jsonReader(type: Datatype): JsonOf {
  let reader = READERS.get(type);
  if (!reader) READERS.set(type, (reader = makeReader(type)));
  return reader;
}

function makeReader(type: Datatype): JsonOf {
  switch (type.class) {
    case 'integer':
    case 'float':
      return (value) => jsonNumber(value as number | bigint);
    case 'string':
      return (value) => value as string;
    case 'enum':
      return enumReader(type);
    case 'vlen':
      return type.isString ? (value) => value as string : arrayReader(type.base);
    case 'array':
    case 'complex':
      return arrayReader(type.base);
    case 'compound': {
      const readers = new Map(type.members.map((member) => [member.name, jsonReader(member.type)]));
      return (value) => compoundJson(value as ReadonlyMap<string, Value>, readers);
    }
    case 'reference':
      return (value) => ({ object: (value as Reference).address ?? null });
    default:
      return (value) => ((value as Buffer).length > INLINE_BYTES ? undefined : jsonBytes(value as Buffer));
  }
}

function arrayReader(base: Datatype): JsonOf {
  const read = jsonReader(base);
  return (value) => {
    const out: Json[] = [];
    for (const element of value as readonly Value[]) {
      const json = read(element);
      if (json === undefined) return undefined;
      out.push(json);
    }
    return out;
  };
}

function compoundJson(value: ReadonlyMap<string, Value>, readers: ReadonlyMap<string, JsonOf>): Json | undefined {
  const out: Record<string, Json> = {};
  for (const [name, element] of value) {
    const json = element === null ? null : readers.get(name)!(element);
    if (json === undefined) return undefined;
    // defineProperty: a member may be called __proto__.
    Object.defineProperty(out, name, { value: json, enumerable: true, configurable: true, writable: true });
  }
  return out;
}

/** Names of an enum's values. */
export function enumNames(type: EnumType): ReadonlyMap<number | bigint, string> {
  const names = new Map<number | bigint, string>();
  if (type.base.class !== 'integer') return names;
  const read: NumberReader = numberReader(type.base);
  const { sizeBytes } = type.base;
  const view = viewOf(type.valueBytes);
  for (const [index, name] of type.names.entries()) names.set(read(view, index * sizeBytes), name);
  return names;
}

function enumReader(type: EnumType): JsonOf {
  const names = enumNames(type);
  const isBoolean = names.size === 2 && names.get(0) === 'FALSE' && names.get(1) === 'TRUE';
  if (type.base.class !== 'integer') return jsonReader(type.base);
  return (value) => {
    if (isBoolean && (value === 0 || value === 1)) return value === 1;
    return names.get(value as number | bigint) ?? jsonNumber(value as number | bigint);
  };
}
