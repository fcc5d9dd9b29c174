import { latin1 } from '../latin1.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import { Known } from './known.ts';
import type { Span } from './span.ts';

/** Longer messages are parsed each time. */
const MAX_KNOWN_BYTES = 256;

/**
 * Parses messages whose bytes say all; equal bytes give the same object. Of the whole process: the objects of a file,
 * and the files of an archive, repeat the same few types, shapes and filters.
 */
export class KnownBytes<T> {
  readonly #what: string;
  readonly #parse: (cursor: Cursor) => T;
  readonly #known = new Known<string, T>(256);

  constructor(what: string, parse: (cursor: Cursor) => T) {
    this.#what = what;
    this.#parse = parse;
  }

  /** Parses what stands in `span`. A step. */
  read(file: Hdf5File, span: Span): T {
    const { lengthBytes } = span;
    if (lengthBytes > MAX_KNOWN_BYTES) return this.#parse(file.open(span, this.#what));
    const page = file.page(span, this.#what);
    const at = span.offset - page.offset;
    const key = latin1(page.bytes, at, at + lengthBytes);
    const old = this.#known.get(key);
    if (old !== undefined) return old;
    const value = this.#parse(file.open(span, this.#what));
    this.#known.set(key, value);
    return value;
  }

  /** Parses the next `byteCount` bytes of a structure. */
  next(cursor: Cursor, byteCount: number): T {
    const at = cursor.take(byteCount);
    const part = cursor.part(at, byteCount, this.#what);
    if (byteCount > MAX_KNOWN_BYTES) return this.#parse(part);
    const key = latin1(cursor.bytes, at, at + byteCount);
    const old = this.#known.get(key);
    if (old !== undefined) return old;
    const value = this.#parse(part);
    this.#known.set(key, value);
    return value;
  }
}
