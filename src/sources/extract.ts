import type { Observable } from 'rxjs';
import type { InputSource } from '../bytes/open-input.ts';
import { fromPull } from '../flow/from-pull.ts';
import { type ReadAnyOptions, readAny } from '../formats/read-any.ts';
import type { ExtractionRecord } from '../records.ts';
import { labelOf } from './label.ts';

/** Options for {@link extract}: of the input, of all formats, and of single formats by their name. */
export interface ExtractOptions extends Omit<ReadAnyOptions, 'signal'> {}

/**
 * The records of one input, whatever its format: found by content, then by name. Each subscription reads anew.
 *
 * - Emits: the `file` record, what is in the file in its own order, the `end` record.
 * - Waits: before every record while a gate behind it is shut; the file is not read meanwhile.
 * - Holds: one batch of records (default 256) and the window of the reader, whatever the size of the file.
 * - Fails: `ERR_INPUT_OPEN`, `ERR_FORMAT_UNKNOWN`, `ERR_MISSING_PEER`, `ERR_OPTION`. What is wrong inside the file is
 *   no error but an `issue` record, and an `end` with status `partial` or `failed`.
 *
 * @example
 * ```ts
 * extract('scan.dcm').subscribe((record) => console.log(record.kind));
 * ```
 */
export function extract(source: InputSource, options: ExtractOptions = {}): Observable<ExtractionRecord> {
  const label = `${options.format ?? 'extract'} ${labelOf(source)}`;
  return fromPull((signal) => readAny(source, { ...options, signal }), { flatten: true, label });
}
