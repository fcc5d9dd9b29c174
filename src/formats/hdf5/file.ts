import { type Input, isPromise } from '../../bytes/input.ts';
import { type Page, pageOf } from '../../bytes/page.ts';
import { PageCache, type PageCacheOptions } from '../../bytes/page-cache.ts';
import { verifyChecksum } from './checksum.ts';
import { Cursor } from './cursor.ts';
import { Known } from './known.ts';
import { malformed } from './malformed.ts';
import type { Span } from './span.ts';
import { readSuperblock, type Superblock } from './superblock.ts';

/** Bytes that one structure (a header block, a tree node, a heap block) may have before it is refused. */
const MAX_STRUCTURE_BYTES = 32 * 2 ** 20;

/**
 * An open HDF5 file: bytes by address, and the steps that read them (see `PageCache.run`).
 *
 * Functions that take an `Hdf5File` and are marked "A step" are synchronous and pure: call them inside
 * `file.run(() => ...)`, which waits for missing bytes and starts them again.
 */
export class Hdf5File {
  readonly input: Input;
  readonly pages: PageCache;
  readonly superblock: Superblock;
  readonly #known = new Map<string, Known<number | string, unknown>>();

  private constructor(input: Input, pages: PageCache, superblock: Superblock) {
    this.input = input;
    this.pages = pages;
    this.superblock = superblock;
  }

  /** Finds the superblock. The caller closes the input. */
  static async open(input: Input, options: PageCacheOptions = {}): Promise<Hdf5File> {
    const pages = new PageCache(input, options);
    const found = pages.run(() => readSuperblock(pages));
    return new Hdf5File(input, pages, isPromise(found) ? await found : found);
  }

  /** Lends its memory to the files to come; none of its bytes can be used any more. The input stays open. */
  close(): void {
    this.pages.close();
  }

  /** Bytes of the whole input. */
  get sizeBytes(): number {
    return this.pages.sizeBytes;
  }

  /** Runs a step; a promise only where bytes have to be waited for. */
  run<T>(step: () => T): T | Promise<T> {
    return this.pages.run(step);
  }

  /** A cursor over `lengthBytes` at `address`. A step. */
  cursor(address: number | undefined, lengthBytes: number, what: string): Cursor {
    if (address === undefined) throw malformed(what, 'its address is undefined');
    return this.open({ offset: this.superblock.baseOffset + address, lengthBytes, bytes: undefined }, what);
  }

  /** A cursor over bytes in the file or in memory. A step. */
  open(span: Span, what: string): Cursor {
    const page = this.page(span, what);
    const at = span.offset - page.offset;
    return new Cursor(page, at, at + span.lengthBytes, this.superblock, what);
  }

  /** A page that has the bytes of `span`, the first of them at `span.offset - page.offset`. A step. */
  page({ offset, lengthBytes, bytes }: Span, what: string): Page {
    if (bytes) return pageOf(bytes, offset);
    if (lengthBytes > MAX_STRUCTURE_BYTES) throw malformed(what, `it declares ${lengthBytes} bytes`, offset);
    return this.pages.span(offset, lengthBytes);
  }

  /** A cursor over `leastBytes` at `address`, or more of them, up to `mostBytes`, where they are there anyway. A step. */
  window(address: number, leastBytes: number, mostBytes: number, what: string): Cursor {
    const offset = this.superblock.baseOffset + address;
    const page = this.pages.span(offset, leastBytes);
    const at = offset - page.offset;
    const end = Math.min(at + mostBytes, page.bytes.length, this.sizeBytes - page.offset);
    return new Cursor(page, at, end, this.superblock, what);
  }

  /** A cursor over a structure whose last four bytes are its checksum, which is verified; they are left out. A step. */
  checked(address: number | undefined, lengthBytes: number, what: string): Cursor {
    const cursor = this.cursor(address, lengthBytes, what);
    if (lengthBytes < 4) throw cursor.malformed(`${lengthBytes} bytes leave no room for its checksum`);
    const end = cursor.end - 4;
    verifyChecksum(what, cursor.bytes, cursor.at, end, cursor.baseOffset);
    return new Cursor(cursor.page, cursor.at, end, this.superblock, what);
  }

  /** What `make` gave for this key, or gives now. Of each kind only the latest are kept. `make` may be a step. */
  remember<T, K extends number | string>(kind: string, key: K, make: (file: Hdf5File, key: K) => T): T {
    let known = this.#known.get(kind);
    if (!known) this.#known.set(kind, (known = new Known(64)));
    const old = known.get(key);
    if (old !== undefined) return old as T;
    const value = make(this, key);
    known.set(key, value);
    return value;
  }
}
