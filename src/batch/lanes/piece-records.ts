import type { ExtractionRecord } from '../../records.ts';
import type { Piece } from './piece.ts';

/** The records of the whole lines of a piece, which is released. */
export function pieceRecords(piece: Piece): ExtractionRecord[] {
  const { bytes } = piece;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  piece.release();
  const records: ExtractionRecord[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    records.push(JSON.parse(text.slice(start, end)));
    start = end + 1;
  }
  return records;
}
