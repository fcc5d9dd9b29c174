import type { PageCache } from '../../bytes/page-cache.ts';
import { TidegateError } from '../../errors.ts';
import { verifyChecksum } from './checksum.ts';
import { Cursor } from './cursor.ts';
import { unsupported } from './malformed.ts';

/** Level 0A of the specification: where the file begins and ends, how wide its addresses are. */
export interface Superblock {
  readonly version: number;
  /** "Size of offsets": bytes of an address. */
  readonly offsetBytes: number;
  /** "Size of lengths". */
  readonly lengthBytes: number;
  /** Where the HDF5 data begin, behind the user block; all addresses count from here. */
  readonly baseOffset: number;
  /** Where the file ends by its own account (absolute). */
  readonly endOffset: number;
  /** Address of the root group's object header. */
  readonly rootAddress: number;
  /** Address of the superblock extension, an object header. */
  readonly extensionAddress: number | undefined;
}

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const FIXED_BYTES = 12;

/** Finds and reads the superblock: at byte 0, 512, 1024, 2048 ... (spec. III.A). A step. */
export function readSuperblock(pages: PageCache): Superblock {
  for (let offset = 0; offset + FIXED_BYTES <= pages.sizeBytes; offset = offset === 0 ? 512 : offset * 2) {
    const page = pages.span(offset, 8);
    const at = offset - page.offset;
    if (SIGNATURE.compare(page.bytes, at, at + 8) === 0) return parseSuperblock(pages, offset);
  }
  const message = 'Cannot read HDF5: no superblock signature at byte 0, 512, 1024, 2048 and so on';
  throw new TidegateError('ERR_MALFORMED', message, { offset: 0 });
}

function parseSuperblock(pages: PageCache, start: number): Superblock {
  const version = byteAt(pages, start + 8);
  const isNew = version >= 2;
  if (version > 3) throw unsupported('superblock', `version ${version}`, start + 8);
  const offsetBytes = width(byteAt(pages, start + (isNew ? 9 : 13)), start);
  const lengthBytes = width(byteAt(pages, start + (isNew ? 10 : 14)), start);
  const widths = { offsetBytes, lengthBytes };
  const bodyBytes = isNew ? 12 + 4 * offsetBytes + 4 : (version === 0 ? 24 : 28) + 6 * offsetBytes;
  const page = pages.span(start, bodyBytes);
  const from = start - page.offset;
  const cursor = new Cursor(page, from, from + bodyBytes, widths, 'superblock');
  if (isNew) verifyChecksum('superblock', page.bytes, from, from + bodyBytes - 4, page.offset);
  cursor.skip(isNew ? 12 : version === 0 ? 24 : 28);
  const declaredBase = cursor.address() ?? 0;
  const extensionAddress = cursor.address();
  // Files may be moved behind a new user block: the place of the signature counts, not the declared base address.
  const endOffset = (cursor.address() ?? 0) - declaredBase + start;
  if (!isNew) cursor.skip(2 * offsetBytes);
  const rootAddress = cursor.address();
  if (rootAddress === undefined) throw cursor.malformed('the root group has no address');
  // Before version 2 this field is the address of the free-space list.
  const extension = isNew ? extensionAddress : undefined;
  return { version, ...widths, baseOffset: start, endOffset, rootAddress, extensionAddress: extension };
}

function byteAt(pages: PageCache, offset: number): number {
  const page = pages.span(offset, 1);
  return page.bytes[offset - page.offset]!;
}

function width(byteCount: number, offset: number): number {
  if (byteCount === 2 || byteCount === 4 || byteCount === 8) return byteCount;
  throw unsupported('superblock', `addresses or lengths of ${byteCount} bytes`, offset);
}
