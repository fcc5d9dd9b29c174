import { isPromise } from '../../bytes/input.ts';
import type { ByteWindow } from './byte-window.ts';

/** The bytes of a range, forward, in pieces of at most `chunkBytes`; each is a view that lasts until the next. */
export async function* readRange(
  window: ByteWindow,
  offset: number,
  lengthBytes: number,
  chunkBytes: number,
): AsyncGenerator<Buffer, void, void> {
  const end = offset + lengthBytes;
  while (offset < end) {
    const wantBytes = Math.min(chunkBytes, end - offset);
    const waiting = window.ensure(offset, wantBytes);
    if (isPromise(waiting)) await waiting;
    const at = offset - window.start;
    const piece = window.bytes.subarray(at, at + wantBytes);
    if (piece.length === 0) return;
    yield piece;
    offset += piece.length;
  }
}
