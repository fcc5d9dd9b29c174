import type { Observable } from 'rxjs';
import type { InputSource, OpenInputOptions } from '../bytes/open-input.ts';
import type { VideoOptions } from '../formats/media/options.ts';
import type { ExtractionRecord } from '../records.ts';
import { extract } from './extract.ts';

/** Options for {@link fromVideo}. */
export interface FromVideoOptions extends OpenInputOptions, Omit<VideoOptions, 'signal'> {}

/**
 * The streams, chapters, format and tags of a video file, on request a record per packet or decoded frame.
 *
 * - Emits: the `file` record, an object per stream, chapter and picture, fields `format/...`, `tags/...`, a sample
 *   per packet or frame on request, the `end` record.
 * - Waits: before every record while a gate behind it is shut; the file is not read meanwhile.
 * - Holds: one batch of records and blocks of the file; a decoder of its own process for decoded frames.
 * - Fails: `ERR_INPUT_OPEN`, `ERR_OPTION`, `ERR_MISSING_PEER`, `ERR_CHILD_PROCESS` (no ffmpeg). What is wrong inside the
 *   file is an `issue` record.
 *
 * @example
 * ```ts
 * fromVideo('clip.mp4', { packets: true }).subscribe((record) => console.log(record));
 * ```
 */
export function fromVideo(source: InputSource, options: FromVideoOptions = {}): Observable<ExtractionRecord> {
  return extract(source, { ...options, format: 'video' });
}
