import type { Cursor } from './cursor.ts';
import { KnownBytes } from './known-bytes.ts';

/** One filter that chunks have gone through when they were written. */
export interface Filter {
  /** The HDF Group's number: 1 deflate, 2 shuffle, 3 fletcher32, 4 szip, 5 nbit, 6 scaleoffset, others registered. */
  readonly id: number;
  readonly name: string;
  /** A chunk may have skipped it. */
  readonly isOptional: boolean;
  /** "Client data": the filter's own parameters. */
  readonly parameters: readonly number[];
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'deflate'],
  [2, 'shuffle'],
  [3, 'fletcher32'],
  [4, 'szip'],
  [5, 'nbit'],
  [6, 'scaleoffset'],
  [305, 'lzo'],
  [307, 'bzip2'],
  [32000, 'lzf'],
  [32001, 'blosc'],
  [32002, 'mafisc'],
  [32004, 'lz4'],
  [32008, 'bitshuffle'],
  [32013, 'zfp'],
  [32015, 'zstd'],
  [32017, 'sz'],
  [32019, 'jpeg'],
  [32026, 'blosc2'],
]);

/** Filter messages. */
export const FILTERS: KnownBytes<readonly Filter[]> = new KnownBytes('filter pipeline', parseFilters);
export const NO_FILTERS: readonly Filter[] = [];

/** Reads the message "Data Storage - Filter Pipeline" (spec. IV.A.2.l). */
export function parseFilters(cursor: Cursor): Filter[] {
  const version = cursor.version(1, 2);
  const count = cursor.uint8();
  if (count > 32) throw cursor.malformed(`${count} filters, of 32 at most`);
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => parseFilter(cursor, version));
}

function parseFilter(cursor: Cursor, version: number): Filter {
  const id = cursor.uint16();
  const nameBytes = version === 1 || id >= 256 ? cursor.uint16() : 0;
  const flags = cursor.uint16();
  const count = cursor.uint16();
  const ownName = cursor.text(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes);
  if (count * 4 > cursor.remainingBytes) throw cursor.malformed(`${count} parameters of a filter`);
  const parameters = Array.from({ length: count }, () => cursor.uint32());
  if (version === 1 && count % 2 === 1) cursor.skip(4);
  return { id, name: NAMES.get(id) ?? (ownName || `filter-${id}`), isOptional: (flags & 1) !== 0, parameters };
}

/** Filters as the records spell them: `shuffle+deflate`; `undefined` if there are none. */
export function codecOf(filters: readonly Filter[]): string | undefined {
  return filters.length === 0 ? undefined : filters.map((filter) => filter.name).join('+');
}
