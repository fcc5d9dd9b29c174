import type { Observable } from 'rxjs';
import type { InputSource, OpenInputOptions } from '../bytes/open-input.ts';
import type { NetcdfOptions } from '../formats/netcdf/options.ts';
import type { ExtractionRecord } from '../records.ts';
import { extract } from './extract.ts';

/** Options for {@link fromNetcdf}. */
export interface FromNetcdfOptions extends OpenInputOptions, Omit<NetcdfOptions, 'signal'> {}

/**
 * The dimensions, variables, groups and attributes of a NetCDF file (CDF-1, -2, -5 and NetCDF-4).
 *
 * - Emits: the `file` record, an object per dimension, variable and group, a field per attribute, samples of slices
 *   on request, the `end` record.
 * - Waits: before every record while a gate behind it is shut; the file is not read meanwhile.
 * - Holds: one batch of records and a window of the file, whatever is in the file.
 * - Fails: `ERR_INPUT_OPEN`, `ERR_OPTION`. What is wrong inside the file is an `issue` record.
 *
 * @example
 * ```ts
 * fromNetcdf('air.nc', { cf: true }).subscribe((record) => console.log(record));
 * ```
 */
export function fromNetcdf(source: InputSource, options: FromNetcdfOptions = {}): Observable<ExtractionRecord> {
  return extract(source, { ...options, format: 'netcdf' });
}
