import { type Dataspace, parseDataspace } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import { type ExternalPiece, readExternalPieces } from './external/files.ts';
import type { Hdf5File } from './file.ts';
import { type Filter, parseFilters } from './filter-pipeline.ts';
import { type Layout, parseLayout } from './layout.ts';
import { malformed } from './malformed.ts';
import { findMessage, MESSAGE, type Message, type ObjectHeader, readObjectHeader } from './object-header.ts';
import { readDatatype } from './parse-datatype.ts';
import { resolveMessage } from './shared-message.ts';
import type { Span } from './span.ts';

/** A group: see `openLinks` for what is in it. */
export interface GroupObject {
  readonly kind: 'group';
  readonly header: ObjectHeader;
}

/** A named ("committed") datatype. */
export interface DatatypeObject {
  readonly kind: 'datatype';
  readonly header: ObjectHeader;
  readonly type: Datatype;
}

/** A dataset: everything about it but its elements. */
export interface DatasetObject {
  readonly kind: 'dataset';
  readonly header: ObjectHeader;
  readonly type: Datatype;
  /** Address of the named datatype that `type` is, if it is one. */
  readonly typeAddress: number | undefined;
  readonly space: Dataspace;
  readonly layout: Layout;
  /** In the order in which they were applied. */
  readonly filters: readonly Filter[];
  /** Its elements, where other files have them; usually none. */
  readonly externalPieces: readonly ExternalPiece[];
}

export type Hdf5Object = GroupObject | DatatypeObject | DatasetObject;

/** Reads the object whose header is at `address`. A step. */
export function readObject(file: Hdf5File, address: number): Hdf5Object {
  const header = readObjectHeader(file, address);
  if (findMessage(header, MESSAGE.SYMBOL_TABLE) || findMessage(header, MESSAGE.LINK_INFO))
    return { kind: 'group', header };
  const type = findMessage(header, MESSAGE.DATATYPE);
  const space = findMessage(header, MESSAGE.DATASPACE);
  if (type && space) return readDataset(file, header, type, space);
  if (type) return { kind: 'datatype', header, type: readType(file, resolveMessage(file, type).span) };
  throw malformed(
    'object',
    'its header has the messages of no group, dataset or datatype',
    file.superblock.baseOffset + address,
  );
}

function readDataset(file: Hdf5File, header: ObjectHeader, typeMessage: Message, spaceMessage: Message): DatasetObject {
  const layout = findMessage(header, MESSAGE.LAYOUT);
  if (!layout) throw malformed('dataset', 'it has no layout', file.superblock.baseOffset + header.address);
  const type = resolveMessage(file, typeMessage);
  const filters = findMessage(header, MESSAGE.FILTERS);
  const external = findMessage(header, MESSAGE.EXTERNAL_FILES);
  return {
    kind: 'dataset',
    header,
    type: readType(file, type.span),
    typeAddress: type.committedAddress,
    space: parseDataspace(file.open(resolveMessage(file, spaceMessage).span, 'dataspace')),
    layout: parseLayout(file, resolveMessage(file, layout).span),
    filters: filters ? parseFilters(file.open(resolveMessage(file, filters).span, 'filter pipeline')) : [],
    externalPieces: external ? readExternalPieces(file, external) : [],
  };
}

function readType(file: Hdf5File, span: Span): Datatype {
  return readDatatype(file.open(span, 'datatype'));
}
