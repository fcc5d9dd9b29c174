import type { EndRecord, ExtractionRecord, FileRecord, IssueRecord } from '../../records.ts';
import { textCell, wholeCell } from './cells.ts';
import { type Column, columns, type Row } from './row.ts';

/** The columns of the table `files`, in the order of the record contract. */
export const FILE_COLUMNS: readonly Column[] = columns({
  'file!': 'text',
  'format!': 'text',
  size: 'int',
  mtime: 'text',
  media_type: 'text',
  'status!': 'text',
  'records!': 'int',
  bytes_read: 'int',
  elapsed_ms: 'num',
  peak_bytes: 'int',
  error_code: 'text',
  error_message: 'text',
});

interface OpenFile {
  readonly head: FileRecord | undefined;
  /** The last one: what ended the file, if anything did. */
  readonly error: IssueRecord | undefined;
}

/** A row of the table `files` for each file, made when its `end` passes. Holds an entry for each file that is open. */
export class FileRows {
  readonly #open = new Map<string, OpenFile>();

  /** The rows of the files that end in this batch. */
  *take(batch: readonly unknown[]): Generator<Row, void, void> {
    for (const record of batch) {
      const row = this.see(record as ExtractionRecord);
      if (row) yield row;
    }
  }

  /** The row of a file, at its `end`; else nothing. Values that are no records are passed over. */
  see(record: ExtractionRecord): Row | undefined {
    try {
      return this.#see(record);
    } catch {
      // A getter that throws: the table of records says so.
      return undefined;
    }
  }

  #see(record: ExtractionRecord): Row | undefined {
    switch (record?.kind) {
      case 'file':
        this.#open.set(record.file, { head: record, error: undefined });
        return undefined;
      case 'issue':
        if (record.severity === 'error') this.#fail(record);
        return undefined;
      case 'end': {
        const open = this.#open.get(record.file);
        this.#open.delete(record.file);
        return fileRow(record, open?.head, open?.error);
      }
      default:
        return undefined;
    }
  }

  #fail(error: IssueRecord): void {
    this.#open.set(error.file, { head: this.#open.get(error.file)?.head, error });
  }
}

function fileRow(end: EndRecord, head: FileRecord | undefined, error: IssueRecord | undefined): Row {
  return [
    textCell(end.file) ?? '',
    textCell(end.format) ?? '',
    // -1 stands for a length that nobody knew.
    head && head.size >= 0 ? wholeCell(head.size) : null,
    textCell(head?.mtime),
    textCell(head?.mediaType),
    textCell(end.status) ?? '',
    wholeCell(end.records) ?? 0,
    wholeCell(end.bytesRead),
    Number.isFinite(end.elapsedMs) ? end.elapsedMs : null,
    wholeCell(end.peakBytes),
    textCell(error?.code),
    textCell(error?.message),
  ];
}
