import type { Sink } from '../flow/sink.ts';
import type { ExtractionRecord } from '../records.ts';
import { type ResumeOptions, resumeSettings } from './resume-options.ts';
import { csvHead, csvText } from './rows/csv-text.ts';
import { openTable, type TableName } from './rows/table.ts';
import { compressorOf } from './targets/compression.ts';
import { type ByteDestination, type ByteOptions, openTarget, pathOf } from './targets/destination.ts';
import { textSink } from './targets/text-sink.ts';
import { appendSink } from './units/append-sink.ts';

/** Options for {@link toCsv}. */
export interface CsvOptions extends ByteOptions, ResumeOptions {
  /** A row for every record, or one for every file that has ended. @defaultValue 'records' */
  readonly table?: TableName | undefined;
  /**
   * Write text as it is, also where a spreadsheet would take it for a formula (it begins with `=`, `+`, `-`, `@`, a
   * tab or the end of a line). For programs that read CSV, not for people who open it.
   * @defaultValue `false`: such text gets an apostrophe in front
   */
  readonly raw?: boolean | undefined;
}

/**
 * Writes records as CSV (RFC 4180, UTF-8, a line with the names first), in the columns of the record contract's flat
 * projection. An empty cell is no value, `""` is empty text. Whatever the value, its neighbours are not harmed; a
 * record that cannot be written becomes an `issue` in its place.
 *
 * A path is atomic or, with `resume`, grows run by run, and one that ends in `.gz` or `.zst` is compressed, as with
 * {@link toJsonLines}.
 *
 * - Emits: nothing; pieces of text go to the file or stream.
 * - Waits: until the file has taken the piece; for a Writable, on `drain`.
 * - Holds: text in pieces of 64 KiB (or one row, if it is longer), and for a path 256 KiB.
 * - Fails: `ERR_SINK` when the disk, the stream or its closing says no; `ERR_LOCKED` if another run goes on with this
 *   file; `ERR_OPTION` at the call.
 *
 * @example
 * ```ts
 * import { drain } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { toCsv } from 'tidegate/sinks';
 *
 * await drain(extract('scan.dcm'), toCsv('scan.csv.gz'));
 * ```
 */
export function toCsv(destination: ByteDestination, options: CsvOptions = {}): Sink<ExtractionRecord> {
  const { raw = false, table = 'records' } = options;
  const { columns, rows } = openTable(table);
  const text = csvText(raw);
  const encode = (batch: readonly ExtractionRecord[]) => text.pieces(rows(batch));
  const settings = resumeSettings(options);
  if (!settings.resume) return textSink(openTarget(destination, options), encode, csvHead(columns));
  const path = pathOf(destination, options, 'go on with');
  const format = {
    content: `csv of ${table}`,
    compressor: compressorOf(path, options),
    head: csvHead(columns),
    encode,
  };
  return appendSink(path, format, settings);
}
