import { type Dataspace, parseDataspace } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import { readExternalFiles } from './external-files.ts';
import type { Hdf5File } from './file.ts';
import { readFillValue } from './fill-value.ts';
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
  /** Bytes of one element; `undefined`: zeros. */
  readonly fill: Span | undefined;
  /** Names of other files that have its elements, as written; usually none. */
  readonly externalFiles: readonly string[];
}

export type Hdf5Object = GroupObject | DatatypeObject | DatasetObject;

/** Reads the object whose header is at `address`. A step. */
export function readObject(file: Hdf5File, address: number): Hdf5Object {
  const header = readObjectHeader(file, address);
  const has = (type: number) => findMessage(header, type) !== undefined;
  if (has(MESSAGE.SYMBOL_TABLE) || has(MESSAGE.LINK_INFO)) return { kind: 'group', header };
  if (has(MESSAGE.DATATYPE) && has(MESSAGE.DATASPACE)) return readDataset(file, header);
  if (has(MESSAGE.DATATYPE)) return { kind: 'datatype', header, type: readType(file, header).type };
  throw malformed(
    'object',
    'its header has the messages of no group, dataset or datatype',
    file.superblock.baseOffset + address,
  );
}

function readDataset(file: Hdf5File, header: ObjectHeader): DatasetObject {
  const layout = findMessage(header, MESSAGE.LAYOUT);
  if (!layout) throw malformed('dataset', 'it has no layout', file.superblock.baseOffset + header.address);
  const space = resolveMessage(file, findMessage(header, MESSAGE.DATASPACE)!).span;
  const filters = findMessage(header, MESSAGE.FILTERS);
  const external = findMessage(header, MESSAGE.EXTERNAL_FILES);
  return {
    kind: 'dataset',
    header,
    ...readType(file, header),
    space: parseDataspace(file.open(space, 'dataspace')),
    layout: parseLayout(file, resolveMessage(file, layout).span),
    filters: filters ? parseFilters(file.open(resolveMessage(file, filters).span, 'filter pipeline')) : [],
    fill: readFillValue(file, header),
    externalFiles: external ? readExternalFiles(file, external) : [],
  };
}

function readType(file: Hdf5File, header: ObjectHeader): { type: Datatype; typeAddress: number | undefined } {
  const message: Message = findMessage(header, MESSAGE.DATATYPE)!;
  const { span, committedAddress } = resolveMessage(file, message);
  return { type: readDatatype(file, file.open(span, 'datatype')), typeAddress: committedAddress };
}
