import type { TidegateError } from '../../errors.ts';
import type { EndRecord, ExtractionRecord } from '../../records.ts';

/** How far the records of a file have come. */
export interface Place {
  /** The `file` of its records. */
  readonly file: string;
  format: string;
  /** The next number. */
  seq: number;
}

/**
 * The records that end a file whose reader cannot: an `issue` with the reason and the `end`, behind a `file` record
 * if there was none. So every input, also one that does not exist, has the frame that the contract promises.
 */
export function closingRecords(place: Place, error: TidegateError, bytesRead: number): ExtractionRecord[] {
  const { file, format } = place;
  const records: ExtractionRecord[] = [];
  let { seq } = place;
  const status = seq > 1 ? 'partial' : 'failed';
  if (seq === 0) {
    records.push({ file, format, seq: seq++, kind: 'file', size: -1, mediaType: 'application/octet-stream' });
  }
  const { code, message, offset } = error;
  const issue = { file, format, seq: seq++, kind: 'issue', code, severity: 'error', message } as const;
  records.push(offset === undefined ? issue : { ...issue, offset });
  const end: EndRecord = { file, format, seq, kind: 'end', status, records: seq + 1, bytesRead, elapsedMs: 0 };
  records.push(end);
  return records;
}
