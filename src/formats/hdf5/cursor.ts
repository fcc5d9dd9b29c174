import type { Page } from '../../bytes/page.ts';
import { malformed } from './malformed.ts';
import { decodeText, textEnd } from './text.ts';

/** Widths that the superblock declares: "size of offsets" and "size of lengths". */
export interface Widths {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;

/**
 * Reads the fields of one structure, front to back, little-endian. It never leaves the structure: a read behind
 * its end is `ERR_MALFORMED`, at the byte where it began.
 */
export class Cursor {
  // A file makes many thousands of these: `declare`, so that no field is set twice, and no private members, which
  // each instance would have to be told of (bench/hdf5.ts).
  /** The bytes; only those from `start` to `end` belong to the structure. */
  declare readonly bytes: Buffer;
  declare readonly view: DataView;
  /** Next byte to read, as an index of `bytes`. */
  declare at: number;
  /** One behind the last byte of the structure, as an index of `bytes`. */
  declare readonly end: number;
  /** Where `bytes[0]` stands in the file. */
  declare readonly baseOffset: number;
  declare readonly page: Page;
  /** Of addresses and lengths in this file. */
  declare readonly widths: Widths;
  /** What the structure is called in errors. */
  declare readonly what: string;

  constructor(page: Page, start: number, end: number, widths: Widths, what: string) {
    this.page = page;
    this.bytes = page.bytes;
    this.view = page.view;
    this.at = start;
    this.end = end;
    this.baseOffset = page.offset;
    this.widths = widths;
    this.what = what;
  }

  /** Where the next byte stands in the file. */
  get offset(): number {
    return this.baseOffset + this.at;
  }

  get remainingBytes(): number {
    return this.end - this.at;
  }

  /** An error about this structure, at the next byte. */
  malformed(seen: string): Error {
    return malformed(this.what, seen, this.offset);
  }

  /** Moves on by `count` bytes and gives the index of the first of them. */
  take(count: number): number {
    const start = this.at;
    if (!(count >= 0 && start + count <= this.end))
      throw this.malformed(`it ends ${count - this.remainingBytes} bytes too early`);
    this.at = start + count;
    return start;
  }

  skip(count: number): void {
    this.take(count);
  }

  uint8(): number {
    const at = this.at;
    if (at >= this.end) this.take(1);
    this.at = at + 1;
    return this.bytes[at]!;
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** An unsigned integer of 1 to 8 bytes; beyond 2^53 it is near the true one, which no file can hold. */
  uint(byteCount: number): number {
    return this.uintAt(this.take(byteCount), byteCount);
  }

  /** As `uint`, at an index of bytes that were taken before. */
  uintAt(at: number, byteCount: number): number {
    const { view } = this;
    if (byteCount === 4) return view.getUint32(at, true);
    if (byteCount === 8) {
      const high = view.getUint32(at + 4, true);
      const low = view.getUint32(at, true);
      // V8 keeps what came out of a multiplication as a float: what is made of it is larger and slower.
      return high === 0 ? low : low + high * TWO_32;
    }
    let value = 0;
    for (let index = byteCount - 1; index >= 0; index--) value = value * 256 + this.bytes[at + index]!;
    return value;
  }

  /** "O" of the specification: an address; all bits set is the undefined address. */
  address(): number | undefined {
    return this.addressAt(this.take(this.widths.offsetBytes));
  }

  /** As `address`, at an index of bytes that were taken before. */
  addressAt(at: number): number | undefined {
    return unlessAllSet(this, at, this.widths.offsetBytes);
  }

  /** "L" of the specification: a length. */
  length(): number {
    return this.uint(this.widths.lengthBytes);
  }

  /** A length of which all bits set means "without limit": `null`. */
  limit(): number | null {
    const { lengthBytes } = this.widths;
    return unlessAllSet(this, this.take(lengthBytes), lengthBytes) ?? null;
  }

  /** Four ASCII characters that every newer structure begins with. */
  expectSignature(signature: string): void {
    const at = this.take(4);
    for (let index = 0; index < 4; index++) {
      if (this.bytes[at + index] === signature.charCodeAt(index)) continue;
      this.at = at;
      const seen = this.bytes.toString('latin1', at, at + 4).replace(/[^ -~]/g, '.');
      throw this.malformed(`expected ${signature}, got ${seen}`);
    }
  }

  /** A version number from `least` to `most`. */
  version(least: number, most: number = least): number {
    const version = this.uint8();
    if (version >= least && version <= most) return version;
    throw this.malformed(`expected version ${least === most ? least : `${least} to ${most}`}, got ${version}`);
  }

  /** Bytes as text up to `byteCount`, which ends at the first NUL. Undecodable bytes become U+FFFD. */
  text(byteCount: number): string {
    const at = this.take(byteCount);
    return decodeText(this.bytes, at, textEnd(this.bytes, at, at + byteCount));
  }

  /** Text up to a NUL, which is stepped over; with `padding` 8 the whole fills a multiple of 8 bytes. */
  textToNul(padding = 1): string {
    const start = this.at;
    const nul = this.bytes.indexOf(0, start);
    if (nul < 0 || nul >= this.end) throw this.malformed('a name has no end');
    this.skip(Math.ceil((nul + 1 - start) / padding) * padding);
    return this.bytes.toString('utf8', start, nul);
  }

  /** A cursor over the next `byteCount` bytes, which are stepped over here. */
  sub(byteCount: number, what?: string): Cursor {
    return this.part(this.take(byteCount), byteCount, what);
  }

  /** A cursor over `byteCount` bytes from index `start` on, which were taken before. */
  part(start: number, byteCount: number, what: string = this.what): Cursor {
    return new Cursor(this.page, start, start + byteCount, this.widths, what);
  }
}

function unlessAllSet(cursor: Cursor, at: number, byteCount: number): number | undefined {
  const value = cursor.uintAt(at, byteCount);
  if (byteCount === 8 && value < TWO_53) return value;
  for (let index = at + byteCount - 1; index >= at; index--) if (cursor.bytes[index] !== 0xff) return value;
  return undefined;
}
