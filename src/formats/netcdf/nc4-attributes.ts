import { jsonNumber, jsonValues } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import {
  type Attribute,
  type Datatype,
  elementCount,
  type Hdf5File,
  jsonReader,
  type ObjectHeader,
  openAttributes,
  readValues,
  type Steps,
  type TreeGuard,
  type Value,
  type ValueLimits,
} from '../hdf5/index.ts';
import { SortedSteps } from '../hdf5/steps.ts';
import type { Nc4TypeRef, Nc4Types } from './nc4-types.ts';

/** Attributes of the library's own, which it does not show (netcdf-c, `NC_reserved`). */
const HIDDEN = new Set([
  'CLASS',
  'DIMENSION_LIST',
  'NAME',
  'REFERENCE_LIST',
  '_ARRAY_DIMENSIONS',
  '_Codecs',
  '_Format',
  '_IsNetcdf4',
  '_NCProperties',
  '_NCZARR_ATTR',
  '_Netcdf4Coordinates',
  '_Netcdf4Dimid',
  '_SuperblockVersion',
  '_nc3_strict',
]);

/** The value of an attribute, as NetCDF sees it. */
export type Nc4Value =
  /** `char`: the bytes of one text. */
  | { readonly kind: 'text'; readonly bytes: Buffer }
  /** `string`: any number of texts. */
  | { readonly kind: 'strings'; readonly strings: readonly Buffer[] }
  | { readonly kind: 'numbers'; readonly numbers: readonly (number | bigint)[] }
  | { readonly kind: 'user'; readonly elements: readonly Value[]; readonly type: Datatype };

/** An attribute with its NetCDF type. */
export interface Nc4Attribute {
  readonly source: Attribute;
  readonly ref: Nc4TypeRef;
}

/** So many attributes are put in order; objects with more have them in order already. */
const MAX_SORTED = 4096;

/** The attributes of an object in the order of their creation, where the file tracks it. A step, as its `next()`. */
export function orderedAttributes(file: Hdf5File, header: ObjectHeader, guard: TreeGuard): Steps<Attribute> {
  return new SortedSteps(openAttributes(file, header, guard), byCreation, MAX_SORTED);
}

function byCreation(one: Attribute, other: Attribute): number {
  return (one.creationOrder ?? 0) - (other.creationOrder ?? 0);
}

/** The attribute in NetCDF; `undefined`: hidden; `'unknown'`: of a type that NetCDF does not have. */
export function nc4Attribute(source: Attribute, types: Nc4Types): Nc4Attribute | 'unknown' | undefined {
  if (HIDDEN.has(source.name)) return undefined;
  const ref = types.find(source.type, source.typeAddress);
  if (ref === undefined) return 'unknown';
  // One text is `char`, several are `string`, even where they have a fixed length in the file.
  if (ref.kind === 'char' && source.space.shape.length > 0) return { source, ref: { kind: 'string', name: 'string' } };
  return { source, ref };
}

/** The value of an attribute; `undefined` if it is larger than `limits` allow. A step. */
export function nc4Value(file: Hdf5File, { source, ref }: Nc4Attribute, limits: ValueLimits): Nc4Value | undefined {
  const { type, value, space } = source;
  if (elementCount(space) > (limits.maxElements ?? 65_536)) return undefined;
  if (type.class === 'string') {
    if (value.lengthBytes > (limits.maxBytes ?? 2 ** 20)) return undefined;
    const texts = fixedTexts(file, source);
    if (ref.kind === 'char') return { kind: 'text', bytes: texts[0] ?? Buffer.alloc(0) };
    return { kind: 'strings', strings: texts.map(cutAtNul) };
  }
  const values = readValues(file, type, value, limits);
  if (values === undefined) return undefined;
  if (ref.kind === 'string') return { kind: 'strings', strings: values.map((text) => Buffer.from(text as string)) };
  if (ref.kind === 'number') return { kind: 'numbers', numbers: values as (number | bigint)[] };
  return { kind: 'user', elements: values, type };
}

/** Bytes as they stand in the file: trailing NULs and blanks are part of a `char` attribute. */
function fixedTexts(file: Hdf5File, { type, value }: Attribute): Buffer[] {
  const cursor = file.open(value, 'text');
  const texts: Buffer[] = [];
  for (let at = cursor.at; at < cursor.end; at += type.sizeBytes) {
    texts.push(Buffer.from(cursor.bytes.subarray(at, at + type.sizeBytes)));
  }
  return texts;
}

function cutAtNul(bytes: Buffer): Buffer {
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}

/** The value for a record; `decode` makes text of bytes. `undefined`: too many bytes for a record. */
export function nc4Json(value: Nc4Value, decode: (bytes: Buffer) => string): Json | undefined {
  if (value.kind === 'text') return decode(value.bytes);
  if (value.kind === 'strings') return jsonValues(value.strings.map(decode));
  if (value.kind === 'numbers') return jsonValues(value.numbers.map(jsonNumber));
  const read = jsonReader(value.type);
  const elements: Json[] = [];
  for (const element of value.elements) {
    const json = element === null ? null : read(element);
    if (json === undefined) return undefined;
    elements.push(json);
  }
  return jsonValues(elements);
}
