import type { Sink } from '../flow/sink.ts';
import { type ResumeOptions, resumeSettings } from './resume-options.ts';
import { jsonLines } from './rows/json-lines.ts';
import { compressorOf } from './targets/compression.ts';
import { type ByteDestination, type ByteOptions, openTarget, pathOf } from './targets/destination.ts';
import { textSink } from './targets/text-sink.ts';
import { appendSink } from './units/append-sink.ts';

/** Options for {@link toJsonLines}. */
export interface JsonLinesOptions extends ByteOptions, ResumeOptions {}

/**
 * Writes every value as one line of JSON (NDJSON), by the value rules of the record contract. Whatever the value,
 * the line is well-formed and has no character that a terminal obeys; a value that cannot be written becomes an
 * `issue` in its place.
 *
 * A path is atomic: the lines go to a temporary file beside it, which is fsynced and takes the name at the end; until
 * then, and after an abort, an existing file is as it was. A Writable is ended with the run (standard output is
 * not), and destroyed by an abort.
 *
 * With `resume` the file is written in place and grows run by run: each input file is in it whole, once, and a journal
 * beside it (`<path>.journal`) knows which. A line that is no record of a file lands when the run ends well.
 *
 * - Emits: nothing; pieces of text go to the file or stream.
 * - Waits: until the file has taken the piece; for a Writable, on `drain`.
 * - Holds: text in pieces of 64 KiB (or one value, if it is longer), and for a path 256 KiB;
 *   with `resume` also `heldBytes` of files that have not ended.
 * - Fails: `ERR_SINK` when the disk, the stream or its closing says no; `ERR_LOCKED` if another run goes on with this
 *   file; `ERR_OPTION` at the call.
 *
 * @example
 * ```ts
 * import { drain } from 'tidegate';
 * import { extract } from 'tidegate/sources';
 * import { toJsonLines } from 'tidegate/sinks';
 *
 * await drain(extract('scan.dcm'), toJsonLines('scan.ndjson.gz'));
 * ```
 */
export function toJsonLines<T = unknown>(destination: ByteDestination, options: JsonLinesOptions = {}): Sink<T> {
  const settings = resumeSettings(options);
  if (!settings.resume) return textSink(openTarget(destination, options), jsonLines);
  const path = pathOf(destination, options, 'go on with');
  const format = { content: 'json lines', compressor: compressorOf(path, options), head: '', encode: jsonLines };
  return appendSink(path, format, settings) as Sink<unknown>;
}
