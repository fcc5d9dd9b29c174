import { isUtf8 } from 'node:buffer';
import { SIGNATURES } from './signature-table.ts';

/** The first bytes that are judged: the same 4 KiB that `detect` looks at. */
export const SIGNATURE_BYTES = 4096;

/** What the first bytes of an input say about its format. */
export interface Signature {
  readonly mediaType: string;
  /** For people. */
  readonly title: string;
  /** Where the magic bytes stand, for a format that has such. */
  readonly offset?: number;
  readonly lengthBytes?: number;
}

/**
 * The format by its magic bytes, else `text/plain` if all is UTF-8 without control characters, else `undefined`.
 * It tells what the bytes claim; only a reader of that format can tell whether they keep it.
 */
export function signatureOf(head: Buffer): Signature | undefined {
  for (const { mediaType, title, marks } of SIGNATURES) {
    if (!marks.every(([offset, magic]) => hasMark(head, offset, magic))) continue;
    const [offset, magic] = marks[0]!;
    return { mediaType, title, offset, lengthBytes: magic.length };
  }
  return isText(head) ? { mediaType: 'text/plain', title: 'UTF-8 text' } : undefined;
}

function hasMark(head: Buffer, offset: number, magic: string): boolean {
  if (head.length < offset + magic.length) return false;
  for (let i = 0; i < magic.length; i++) if (head[offset + i] !== magic.charCodeAt(i)) return false;
  return true;
}

function isText(head: Buffer): boolean {
  if (head.length === 0 || !isUtf8(withoutCutCharacter(head))) return false;
  return !head.some((byte) => (byte < 0x20 && !WHITE_SPACE.has(byte)) || byte === 0x7f);
}

/** Tab, line feed, form feed, carriage return. */
const WHITE_SPACE: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d]);

/** The head of a longer text may end inside a character of up to four bytes. */
function withoutCutCharacter(head: Buffer): Buffer {
  if (head.length < SIGNATURE_BYTES) return head;
  let start = head.length - 1;
  while (start > head.length - 4 && (head[start]! & 0xc0) === 0x80) start--;
  return head[start]! >= 0xc0 ? head.subarray(0, start) : head;
}
