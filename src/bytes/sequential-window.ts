import { KiB } from '../units.ts';

/** Pieces smaller than this are gathered into one block, so that a pipe of single bytes stays cheap. */
const SMALL_BYTES = 8 * KiB;
const BLOCK_BYTES = 64 * KiB;

interface Segment {
  readonly offset: number;
  bytes: Buffer;
}

/** The part of a sequential input that can still be read: contiguous bytes, added at the end, dropped at the front. */
export class SequentialWindow {
  #segments: Segment[] = [];
  #startOffset = 0;
  #endOffset = 0;
  /** Memory behind the last segment if that is a block of gathered pieces. */
  #block: Buffer | undefined;

  /** The first byte that is still there. */
  get startOffset(): number {
    return this.#startOffset;
  }

  /** One past the last byte that is there. */
  get endOffset(): number {
    return this.#endOffset;
  }

  /** Adds the bytes that follow; takes them over, without a copy unless they are few. */
  add(piece: Uint8Array): void {
    const offset = this.#endOffset;
    this.#endOffset += piece.byteLength;
    if (piece.byteLength < SMALL_BYTES) this.#gather(piece, offset);
    else {
      this.#block = undefined;
      this.#segments.push({ offset, bytes: Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength) });
    }
  }

  #gather(piece: Uint8Array, offset: number): void {
    const last = this.#segments.at(-1);
    const usedBytes = last?.bytes.length ?? 0;
    if (last === undefined || this.#block === undefined || usedBytes + piece.byteLength > BLOCK_BYTES) {
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#block.set(piece);
      this.#segments.push({ offset, bytes: this.#block.subarray(0, piece.byteLength) });
    } else {
      this.#block.set(piece, usedBytes);
      last.bytes = this.#block.subarray(0, usedBytes + piece.byteLength);
    }
  }

  /** The bytes from `offset` up to `end`, both within the window: a view where they lie together, else a copy. */
  bytes(offset: number, end: number): Buffer {
    const index = this.#segments.findIndex((segment) => segment.offset + segment.bytes.length > offset);
    const first = this.#segments[index];
    if (first === undefined || end <= offset) return Buffer.alloc(0);
    if (end <= first.offset + first.bytes.length)
      return first.bytes.subarray(offset - first.offset, end - first.offset);
    const copy = Buffer.allocUnsafe(end - offset);
    for (const segment of this.#segments.slice(index)) {
      if (segment.offset >= end) break;
      const from = Math.max(0, offset - segment.offset);
      segment.bytes.copy(
        copy,
        segment.offset + from - offset,
        from,
        Math.min(segment.bytes.length, end - segment.offset),
      );
    }
    return copy;
  }

  /** Forgets what lies before `offset`; all of it, if the window ends before that. */
  dropBefore(offset: number): void {
    if (offset <= this.#startOffset) return;
    this.#startOffset = Math.min(offset, this.#endOffset);
    const kept = this.#segments.findIndex((segment) => segment.offset + segment.bytes.length > this.#startOffset);
    if (kept === -1) {
      this.#segments = [];
      this.#block = undefined;
    } else if (kept > 0) this.#segments.splice(0, kept);
  }
}
