import type { Json } from '../../records.ts';
import type { FieldBody, ObjectBody } from '../recorder.ts';
import type { Attribute } from './attribute.ts';
import { dtypeOf } from './dtype.ts';
import type { Hdf5File } from './file.ts';
import { codecOf } from './filter-pipeline.ts';
import type { Link } from './link.ts';
import type { DatasetObject, Hdf5Object } from './object.ts';
import type { Span } from './span.ts';

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
  const { name, dtype, json, value } = attribute;
  const element = json(file, value);
  return {
    path: `${objectPath}@${name}`,
    key: name,
    name,
    dtype,
    value: element ?? null,
    offset: value.bytes ? undefined : value.offset,
    length: value.bytes ? undefined : value.lengthBytes,
    bulk: element === undefined ? true : undefined,
  };
}

/** U+FFFD stands where text could not be decoded. */
export function hasLostText(value: Json): boolean {
  if (typeof value === 'string') return value.includes('\ufffd');
  return typeof value === 'object' && value !== null && JSON.stringify(value).includes('\ufffd');
}
