import type { Observable } from 'rxjs';
import type { InputSource, OpenInputOptions } from '../bytes/open-input.ts';
import type { AudioOptions } from '../formats/media/options.ts';
import type { ExtractionRecord } from '../records.ts';
import { extract } from './extract.ts';

/** Options for {@link fromAudio}. */
export interface FromAudioOptions extends OpenInputOptions, Omit<AudioOptions, 'signal'> {}

/**
 * The streams, format and tags of an audio file, on request a record per frame of samples.
 *
 * - Emits: the `file` record, an object per stream and picture, fields `format/...`, `tags/...`, `native/...`, a
 *   sample per frame on request, the `end` record.
 * - Waits: before every record while a gate behind it is shut; the file is not read meanwhile.
 * - Holds: one batch of records, blocks of the file, and one frame.
 * - Fails: `ERR_INPUT_OPEN`, `ERR_OPTION`, `ERR_MISSING_PEER` (music-metadata). What is wrong inside the file is an
 *   `issue` record.
 *
 * @example
 * ```ts
 * fromAudio('song.wav', { frames: { size: 4096 } }).subscribe((record) => console.log(record));
 * ```
 */
export function fromAudio(source: InputSource, options: FromAudioOptions = {}): Observable<ExtractionRecord> {
  return extract(source, { ...options, format: 'audio' });
}
