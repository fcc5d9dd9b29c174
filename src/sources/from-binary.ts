import type { Observable } from 'rxjs';
import type { InputSource, OpenInputOptions } from '../bytes/open-input.ts';
import type { BinaryOptions } from '../formats/binary/options.ts';
import type { ExtractionRecord } from '../records.ts';
import { extract } from './extract.ts';

/** Options for {@link fromBinary}. */
export interface FromBinaryOptions extends OpenInputOptions, Omit<BinaryOptions, 'signal'> {}

/**
 * What can be said of any bytes: signature, digests, and statistics of every chunk.
 *
 * - Emits: the `file` record, fields `format/...`, one `sample` per `sampleBytes` bytes, the `end` record.
 * - Waits: before every record while a gate behind it is shut; the file is not read meanwhile.
 * - Holds: one batch of records and one chunk (default 256 KiB).
 * - Fails: `ERR_INPUT_OPEN`, `ERR_OPTION`. A read that fails is an `issue` record.
 *
 * @example
 * ```ts
 * fromBinary('big.bin', { sampleBytes: MiB, digests: ['sha256'] }).subscribe((record) => console.log(record));
 * ```
 */
export function fromBinary(source: InputSource, options: FromBinaryOptions = {}): Observable<ExtractionRecord> {
  return extract(source, { ...options, format: 'binary' });
}
