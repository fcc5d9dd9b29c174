import type { Observable } from 'rxjs';
import type { InputSource, OpenInputOptions } from '../bytes/open-input.ts';
import type { Hdf5Options } from '../formats/hdf5/options.ts';
import type { ExtractionRecord } from '../records.ts';
import { extract } from './extract.ts';

/** Options for {@link fromHdf5}. */
export interface FromHdf5Options extends OpenInputOptions, Omit<Hdf5Options, 'signal'> {}

/**
 * The groups, datasets, links and attributes of an HDF5 file, on request statistics of its elements.
 *
 * - Emits: the `file` record, an object per group, dataset, datatype and link, a field per attribute, samples of
 *   slices on request, the `end` record.
 * - Waits: before every record while a gate behind it is shut; the file is not read meanwhile.
 * - Holds: one batch of records and the page cache of the reader, whatever is in the file.
 * - Fails: `ERR_INPUT_OPEN`, `ERR_OPTION`, `ERR_MISSING_PEER` (h5wasm, for rare filters only). What is wrong inside the
 *   file is an `issue` record.
 *
 * @example
 * ```ts
 * fromHdf5('run.h5', { slices: true }).subscribe((record) => console.log(record));
 * ```
 */
export function fromHdf5(source: InputSource, options: FromHdf5Options = {}): Observable<ExtractionRecord> {
  return extract(source, { ...options, format: 'hdf5' });
}
