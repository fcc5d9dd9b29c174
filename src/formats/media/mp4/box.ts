import { TidegateError } from '../../../errors.ts';
import type { BlockReader } from '../block-reader.ts';

/** Where a box is (ISO/IEC 14496-12 4.2). */
export interface Box {
  readonly type: string;
  readonly offset: number;
  readonly payloadOffset: number;
  /** First byte behind it; never behind its parent's end. */
  readonly endOffset: number;
  /** The box declares more than its parent has: this many bytes are missing. */
  readonly missingBytes: number;
}

const HEADER_BYTES = 8;
const LARGE_HEADER_BYTES = 16;

/** The box at `offset`, or `undefined` where fewer than 8 bytes are left before `endOffset`. */
export async function readBox(reader: BlockReader, offset: number, endOffset: number): Promise<Box | undefined> {
  if (endOffset - offset < HEADER_BYTES) return undefined;
  const head = await reader.view(offset, LARGE_HEADER_BYTES);
  if (head.length < HEADER_BYTES) return undefined;
  const type = head.toString('latin1', 4, 8);
  let headerBytes = HEADER_BYTES;
  let lengthBytes = head.readUInt32BE(0);
  if (lengthBytes === 1 && head.length >= LARGE_HEADER_BYTES) {
    headerBytes = LARGE_HEADER_BYTES;
    lengthBytes = Number(head.readBigUInt64BE(8));
  } else if (lengthBytes === 0) {
    lengthBytes = endOffset - offset; // 4.2: the box extends to the end
  }
  if (lengthBytes < headerBytes) {
    const message = `Cannot read box ${printable(type)}: its size of ${lengthBytes} is less than its header`;
    throw new TidegateError('ERR_MALFORMED', message, { offset });
  }
  const missingBytes = Math.max(0, offset + lengthBytes - endOffset);
  const payloadOffset = offset + headerBytes;
  const end = Math.min(offset + lengthBytes, endOffset);
  return { type, offset, payloadOffset: Math.min(payloadOffset, end), endOffset: end, missingBytes };
}

/** The boxes between two offsets, in order. Every step moves on by at least 8 bytes. */
export async function* boxesIn(reader: BlockReader, offset: number, endOffset: number): AsyncGenerator<Box> {
  for (;;) {
    const box = await readBox(reader, offset, endOffset);
    if (!box) return;
    yield box;
    offset = box.endOffset;
  }
}

/** A box inside of bytes that are in memory: its type and where its payload is. */
export interface InnerBox {
  readonly type: string;
  readonly payload: Buffer;
}

/** The boxes inside of bytes that are in memory. Ends at the first that does not fit. */
export function* innerBoxes(bytes: Buffer): Generator<InnerBox> {
  let at = 0;
  while (bytes.length - at >= HEADER_BYTES) {
    const declared = bytes.readUInt32BE(at);
    const lengthBytes = declared === 0 ? bytes.length - at : declared;
    if (lengthBytes < HEADER_BYTES || lengthBytes > bytes.length - at) return;
    const payload = bytes.subarray(at + HEADER_BYTES, at + lengthBytes);
    yield { type: bytes.toString('latin1', at + 4, at + 8), payload };
    at += lengthBytes;
  }
}

/** A box type as people can read it. */
export function printable(type: string): string {
  return JSON.stringify(type).replace(/[^\x20-\x7e]/g, '?');
}
