import type { RecordBatches } from '../../formats/format.ts';
import type { ExtractionRecord } from '../../records.ts';
import { jsonLines } from '../../sinks/rows/json-lines.ts';
import type { Place } from './closing-records.ts';
import type { LineAccount } from './line-account.ts';
import type { PieceWriter } from './piece-writer.ts';

/** Records that are made text at once: about 16 KB of it. */
const SLICE_RECORDS = 64;

/** Records as JSON lines into `writer`, counted by `account`. `advance` hears how far their file has come. */
export async function extractLines(
  batches: RecordBatches | Iterable<readonly ExtractionRecord[]>,
  writer: PieceWriter,
  account: LineAccount,
  advance?: (place: Place) => void,
): Promise<void> {
  for await (const batch of batches) {
    for (let start = 0; start < batch.length; start += SLICE_RECORDS) {
      const slice = batch.slice(start, start + SLICE_RECORDS);
      const wait = writer.write([...jsonLines(slice)].join(''), () => {
        account.see(slice);
        advance?.(placeAfter(slice));
      });
      if (wait) await wait;
    }
  }
  writer.flush();
}

function placeAfter(slice: readonly ExtractionRecord[]): Place {
  const { file, format, seq } = slice.at(-1)!;
  return { file, format, seq: seq + 1 };
}
