import type { Observable } from 'rxjs';
import type { InputSource, OpenInputOptions } from '../bytes/open-input.ts';
import type { FitsOptions } from '../formats/fits/options.ts';
import type { ExtractionRecord } from '../records.ts';
import { extract } from './extract.ts';

/** Options for {@link fromFits}. */
export interface FromFitsOptions extends OpenInputOptions, Omit<FitsOptions, 'signal'> {}

/**
 * The HDUs and header cards of a FITS file (Standard 4.0), on request its rows, pixels and checksums.
 *
 * - Emits: the `file` record, an object per HDU, a field per card, samples of rows or pixels on request, the `end`
 *   record.
 * - Waits: before every record while a gate behind it is shut; the file is not read meanwhile.
 * - Holds: one batch of records and one block of data (256 KiB); a gzip file, what inflates it.
 * - Fails: `ERR_INPUT_OPEN`, `ERR_OPTION`. What is wrong inside the file is an `issue` record.
 *
 * @example
 * ```ts
 * fromFits('sky.fits', { pixels: true }).subscribe((record) => console.log(record));
 * ```
 */
export function fromFits(source: InputSource, options: FromFitsOptions = {}): Observable<ExtractionRecord> {
  return extract(source, { ...options, format: 'fits' });
}
