import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import type { BlockReader } from '../block-reader.ts';

/** Where an element is (RFC 8794). */
export interface Element {
  readonly id: number;
  readonly offset: number;
  readonly dataOffset: number;
  /** First byte behind it; its parent's end if the size is unknown or does not fit. */
  readonly endOffset: number;
  /** All size bits are set: it ends where an element of a higher level starts (RFC 8794 6.2). */
  readonly isUnknownSize: boolean;
  /** It declares more than its parent has: this many bytes are missing. */
  readonly missingBytes: number;
}

const MAX_HEADER_BYTES = 12;

/** The element at `offset`, or `undefined` at `endOffset`. */
export async function readElement(
  reader: BlockReader,
  offset: number,
  endOffset: number,
): Promise<Element | undefined> {
  return nextElement(reader, offset, endOffset);
}

/** The same without a promise where its header is at hand. */
export function nextElement(
  reader: BlockReader,
  offset: number,
  endOffset: number,
): Element | undefined | Promise<Element | undefined> {
  if (offset >= endOffset) return undefined;
  const bytes = reader.view(offset, Math.min(MAX_HEADER_BYTES, endOffset - offset));
  if (isPromise(bytes)) return bytes.then((read) => elementAt(reader, read, offset, endOffset));
  return elementAt(reader, bytes, offset, endOffset);
}

function elementAt(reader: BlockReader, bytes: Buffer, offset: number, endOffset: number): Element {
  const element = parseElement(bytes, 0, bytes.length);
  if (element === 'cut') throw reader.truncated(offset, MAX_HEADER_BYTES, 'the header of an EBML element');
  if (element === 'bad') throw malformed(offset, bytes[0] ?? 0);
  const dataOffset = offset + element.dataOffset;
  const wanted = element.isUnknownSize ? endOffset : dataOffset + element.lengthBytes;
  const missingBytes = Math.max(0, wanted - endOffset);
  const { id, isUnknownSize } = element;
  return { id, offset, dataOffset, endOffset: Math.min(wanted, endOffset), isUnknownSize, missingBytes };
}

/** An element in bytes that are in memory. */
export interface InnerElement {
  readonly id: number;
  readonly dataOffset: number;
  readonly lengthBytes: number;
  readonly isUnknownSize: boolean;
}

/** RFC 8794 4, 5: an ID of up to 4 bytes with its marker bits, a size of up to 8 without. */
export function parseElement(bytes: Buffer, at: number, end: number): InnerElement | 'cut' | 'bad' {
  if (at >= end) return 'cut';
  const idBytes = Math.clz32(bytes[at]!) - 23;
  if (idBytes > 4) return 'bad';
  if (at + idBytes >= end) return 'cut';
  const sizeAt = at + idBytes;
  const sizeBytes = Math.clz32(bytes[sizeAt]!) - 23;
  if (sizeBytes > 8) return 'bad';
  if (sizeAt + sizeBytes > end) return 'cut';
  let lengthBytes = bytes[sizeAt]! & (0xff >> sizeBytes);
  let isUnknownSize = lengthBytes === 0xff >> sizeBytes;
  for (let i = 1; i < sizeBytes; i++) {
    const byte = bytes[sizeAt + i]!;
    isUnknownSize &&= byte === 0xff;
    lengthBytes = lengthBytes * 256 + byte;
  }
  return { id: bytes.readUIntBE(at, idBytes), dataOffset: sizeAt + sizeBytes, lengthBytes, isUnknownSize };
}

/** The elements in bytes that are in memory, each with its own bytes. Ends at the first that does not fit. */
export function* innerElements(bytes: Buffer): Generator<{ readonly id: number; readonly data: Buffer }> {
  for (let at = 0; at < bytes.length; ) {
    const element = parseElement(bytes, at, bytes.length);
    if (typeof element === 'string' || element.isUnknownSize) return;
    const end = element.dataOffset + element.lengthBytes;
    if (end > bytes.length) return;
    yield { id: element.id, data: bytes.subarray(element.dataOffset, end) };
    at = end;
  }
}

/** An unsigned integer of 0 to 8 bytes (RFC 8794 7.2). */
export function unsigned(data: Buffer): number {
  let value = 0;
  for (const byte of data.subarray(0, 8)) value = value * 256 + byte;
  return value;
}

/** A float of 4 or 8 bytes (RFC 8794 7.3); 0 for an empty one. */
export function float(data: Buffer): number {
  return data.length === 4 ? data.readFloatBE(0) : data.length === 8 ? data.readDoubleBE(0) : 0;
}

/** Text, without what follows a NUL (RFC 8794 7.4, 7.5). */
export function text(data: Buffer): string {
  const end = data.indexOf(0);
  return data.toString('utf8', 0, end < 0 ? data.length : end);
}

function malformed(offset: number, byte: number): TidegateError {
  const message = `Cannot read an EBML element: 0x${byte.toString(16)} starts neither an ID nor a size`;
  return new TidegateError('ERR_MALFORMED', message, { offset });
}
