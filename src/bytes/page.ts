import { KiB } from '../units.ts';

/** Bytes of the input, `bytes[0]` standing at `offset`. */
export interface Page {
  readonly bytes: Buffer;
  /** Over the same bytes. */
  readonly view: DataView;
  readonly offset: number;
}

/** One class for all pages: what reads them by the million sees objects of one shape. */
export class CachedPage implements Page {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly offset: number;
  usedInStep: number;

  constructor(bytes: Buffer, offset: number, usedInStep: number, view: DataView = viewOf(bytes)) {
    this.bytes = bytes;
    this.view = view;
    this.offset = offset;
    this.usedInStep = usedInStep;
  }
}

/** Bytes of a page, unless others are asked for. */
export const PAGE_BYTES: number = 16 * KiB;

/** Pages of closed caches for the next ones, 256 KiB of them: many small files need one or two each. */
const SPARE: CachedPage[] = [];
const MAX_SPARE_PAGES = 16;

/** A page in the memory of `free`, else in that of a closed cache, else in new memory. */
export function newPage(free: CachedPage | undefined, pageBytes: number, offset: number, step: number): CachedPage {
  const used = free ?? (pageBytes === PAGE_BYTES ? SPARE.pop() : undefined);
  if (used) return new CachedPage(used.bytes, offset, step, used.view);
  return new CachedPage(Buffer.allocUnsafeSlow(pageBytes), offset, step);
}

/** Keeps the memory of a page for caches to come, if they can use it. Nobody uses the page any more. */
export function lendOn(page: CachedPage): void {
  if (page.bytes.length === PAGE_BYTES && SPARE.length < MAX_SPARE_PAGES) SPARE.push(page);
}

/** A page of its own: bytes that are no part of a cache. */
export function pageOf(bytes: Buffer, offset: number): Page {
  return new CachedPage(bytes, offset, -1);
}

/** A view of the same bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
