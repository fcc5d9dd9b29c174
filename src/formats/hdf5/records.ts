import { INLINE_ELEMENTS, jsonValues } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { FieldBody, ObjectBody } from '../recorder.ts';
import type { Attribute } from './attribute.ts';
import { elementCount } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import { dtypeOf } from './dtype.ts';
import type { Hdf5File } from './file.ts';
import { codecOf } from './filter-pipeline.ts';
import type { Link } from './link.ts';
import type { DatasetObject, Hdf5Object } from './object.ts';
import type { Span } from './span.ts';
import { readValue, readValues } from './value.ts';
import { jsonReader } from './value-json.ts';

/** The record of an object. `attributes.address` is what references to it have. */
export function objectBody(file: Hdf5File, path: string, object: Hdf5Object): ObjectBody {
  const { address } = object.header;
  if (object.kind === 'group') return { path, class: 'group', attributes: { address } };
  if (object.kind === 'datatype')
    return { path, class: 'datatype', dtype: dtypeOf(object.type), attributes: { address } };
  const { space, layout } = object;
  const span = dataSpan(file, object);
  return {
    path,
    class: 'dataset',
    dtype: dtypeOf(object.type),
    shape: space.kind === 'null' ? undefined : space.shape,
    maxShape: growing(object),
    chunks: layout.kind === 'chunked' ? layout.chunkShape : undefined,
    codec: codecOf(object.filters),
    offset: span?.offset,
    length: span?.lengthBytes,
    attributes: datasetAttributes(object, address),
  };
}

function datasetAttributes({ layout, externalPieces }: DatasetObject, address: number): Record<string, Json> {
  if (externalPieces.length > 0)
    return { address, layout: 'external', files: externalPieces.map((piece) => piece.name) };
  return layout.kind === 'virtual' || layout.kind === 'compact' ? { address, layout: layout.kind } : { address };
}

/** `maxShape`, where it says more than the shape. */
function growing({ space }: DatasetObject): readonly (number | null)[] | undefined {
  const { shape, maxShape } = space;
  if (!maxShape) return undefined;
  for (let axis = 0; axis < shape.length; axis++) if (maxShape[axis] !== shape[axis]) return maxShape;
  return undefined;
}

/** Where the elements stand, if that is one place of this file. */
function dataSpan(file: Hdf5File, { layout, externalPieces }: DatasetObject): Span | undefined {
  if (layout.kind === 'compact') return layout.value.bytes ? undefined : layout.value;
  if (layout.kind !== 'contiguous' || layout.address === undefined || externalPieces.length > 0) return undefined;
  return { offset: file.superblock.baseOffset + layout.address, lengthBytes: layout.lengthBytes };
}

/** The record of a link that is not the first way to an object. Nothing is followed. */
export function linkBody(path: string, link: Link | undefined): ObjectBody {
  const attributes: Record<string, Json> = { link: link?.kind ?? 'hard' };
  if (link?.address !== undefined) attributes.address = link.address;
  if (link?.targetFile !== undefined) attributes.file = link.targetFile;
  if (link?.target !== undefined) attributes.target = link.target;
  return { path, class: 'link', attributes };
}

/** The record of an attribute with its value, `bulk` if that is too large for a record. A step. */
export function fieldBody(file: Hdf5File, objectPath: string, attribute: Attribute): FieldBody {
  const { name, type, space, value } = attribute;
  const count = elementCount(space);
  const json = count <= INLINE_ELEMENTS ? valueJson(file, type, value, count) : undefined;
  return {
    path: `${objectPath}@${name}`,
    key: name,
    name,
    dtype: dtypeOf(type),
    value: json ?? null,
    offset: value.bytes ? undefined : value.offset,
    length: value.bytes ? undefined : value.lengthBytes,
    bulk: json === undefined ? true : undefined,
  };
}

/** The elements in JSON; `undefined` if they are too large for a record. */
function valueJson(file: Hdf5File, type: Datatype, span: Span, count: number): Json | undefined {
  const read = jsonReader(type);
  if (count === 1 && type.sizeBytes > 0) {
    const value = readValue(file, type, span);
    return value === undefined ? undefined : read(value);
  }
  const values = readValues(file, type, span);
  if (!values) return undefined;
  const json: Json[] = [];
  for (const value of values) {
    const one = read(value);
    if (one === undefined) return undefined;
    json.push(one);
  }
  return jsonValues(json);
}

/** U+FFFD stands where text could not be decoded. */
export function hasLostText(value: Json): boolean {
  if (typeof value === 'string') return value.includes('\ufffd');
  return typeof value === 'object' && value !== null && JSON.stringify(value).includes('\ufffd');
}
