import { DATASPACES, type Dataspace } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import { type ExternalPiece, readExternalPieces } from './external/files.ts';
import type { Hdf5File } from './file.ts';
import { FILTERS, type Filter, NO_FILTERS } from './filter-pipeline.ts';
import { type Layout, parseLayout } from './layout.ts';
import { malformed } from './malformed.ts';
import { findMessage, MESSAGE, type Message, type ObjectHeader, readObjectHeader } from './object-header.ts';
import { DATATYPES } from './parse-datatype.ts';
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

const NO_PIECES: readonly ExternalPiece[] = [];

/** Reads the object whose header is at `address`. A step. */
export function readObject(file: Hdf5File, address: number): Hdf5Object {
  const header = readObjectHeader(file, address);
  const { firsts } = header;
  if (firsts[MESSAGE.SYMBOL_TABLE] || firsts[MESSAGE.LINK_INFO]) return { kind: 'group', header };
  const type = firsts[MESSAGE.DATATYPE];
  const space = firsts[MESSAGE.DATASPACE];
  if (type && space) return readDataset(file, header, type, space);
  if (type) return { kind: 'datatype', header, type: DATATYPES.read(file, resolveMessage(file, type).span) };
  throw malformed(
    'object',
    'its header has the messages of no group, dataset or datatype',
    file.superblock.baseOffset + address,
  );
}

function readDataset(file: Hdf5File, header: ObjectHeader, typeMessage: Message, spaceMessage: Message): DatasetObject {
  const layout = findMessage(header, MESSAGE.LAYOUT);
  if (!layout) throw malformed('dataset', 'it has no layout', file.superblock.baseOffset + header.address);
  const type = typeMessage.isShared ? resolveMessage(file, typeMessage) : undefined;
  const filters = findMessage(header, MESSAGE.FILTERS);
  const external = findMessage(header, MESSAGE.EXTERNAL_FILES);
  return {
    kind: 'dataset',
    header,
    type: DATATYPES.read(file, type ? type.span : typeMessage),
    typeAddress: type?.committedAddress,
    space: DATASPACES[file.superblock.lengthBytes]!.read(file, spanOf(file, spaceMessage)),
    layout: parseLayout(file, spanOf(file, layout)),
    filters: filters ? FILTERS.read(file, spanOf(file, filters)) : NO_FILTERS,
    externalPieces: external ? readExternalPieces(file, external) : NO_PIECES,
  };
}

/** Where a message stands; most stand in their header. */
function spanOf(file: Hdf5File, message: Message): Span {
  return message.isShared ? resolveMessage(file, message).span : message;
}
