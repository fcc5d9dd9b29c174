import type { Observable } from 'rxjs';
import type { InputSource, OpenInputOptions } from '../bytes/open-input.ts';
import type { DicomOptions } from '../formats/dicom/options.ts';
import type { ExtractionRecord } from '../records.ts';
import { extract } from './extract.ts';

/** Options for {@link fromDicom}. */
export interface FromDicomOptions extends OpenInputOptions, Omit<DicomOptions, 'signal'> {}

/**
 * The elements of a DICOM file (PS3.10), or of a bare data set (PS3.5), as records.
 *
 * - Emits: the `file` record, a field per element (group 0002 first), an object per sequence item, the `end` record.
 * - Waits: before every record while a gate behind it is shut; the file is not read meanwhile.
 * - Holds: one batch of records and a window of the file (64 KiB), whatever is in the file.
 * - Fails: `ERR_INPUT_OPEN`, `ERR_OPTION`. What is wrong inside the file is an `issue` record.
 *
 * @example
 * ```ts
 * fromDicom('scan.dcm', { tags: ['PatientID', 'StudyDate'] }).subscribe((record) => console.log(record));
 * ```
 */
export function fromDicom(source: InputSource, options: FromDicomOptions = {}): Observable<ExtractionRecord> {
  return extract(source, { ...options, format: 'dicom' });
}
