import { openFile } from '../../bytes/file-input.ts';
import type { Input } from '../../bytes/input.ts';
import { openInput } from '../../bytes/open-input.ts';
import { asTidegateError, TidegateError } from '../../errors.ts';
import type { RecordBatches } from '../../formats/format.ts';
import { type ReadAnyOptions, readOpened } from '../../formats/read-any.ts';
import type { ExtractionRecord } from '../../records.ts';
import type { Found } from '../find/found.ts';
import { closingRecords, type Place } from './closing-records.ts';
import { LinkedAbort } from './linked-abort.ts';
import type { Meter } from './meter.ts';
import type { OpenedAhead } from './opened-ahead.ts';

/** Options for {@link extractFile}. */
export interface ExtractFileOptions extends ReadAnyOptions {
  /** Aborted: the file ends at once, as `partial`, behind the records that were found. */
  readonly stop?: AbortSignal | undefined;
  /** The same for a thread that reads synchronously and hears no signals: asked after each batch. */
  readonly isStopping?: (() => boolean) | undefined;
  /** Counts the bytes. */
  readonly meter?: Meter | undefined;
}

/**
 * All records of one input, from `file` to `end`, whatever happens: an input that cannot be opened, a missing
 * package and a stop give an `issue` and an `end` too. Throws only when `signal` is aborted. `ahead`: it is being opened
 * already.
 */
export async function* extractFile(found: Found, options: ExtractFileOptions, ahead?: OpenedAhead): RecordBatches {
  const place: Place = { file: found.path, format: options.format ?? 'binary', seq: 0 };
  const reading = new LinkedAbort(options.signal, options.stop);
  let input: Input | undefined;
  try {
    input = await (ahead?.take(reading.signal) ?? openFound(found, { ...options, signal: reading.signal }));
    options.meter?.open(input);
    for await (const batch of await readOpened(input, { ...options, signal: reading.signal })) {
      advance(place, batch);
      yield batch;
      if (batch.at(-1)?.kind === 'end') return;
      if (options.isStopping?.()) throw INTERRUPTED;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    const reason = options.stop?.aborted ? INTERRUPTED : asTidegateError(error, 'ERR_INTERNAL');
    yield closingRecords(place, reason, input?.bytesRead ?? 0);
  } finally {
    reading.unlink();
    if (input) options.meter?.close(input);
    await input?.close();
  }
}

const INTERRUPTED = new TidegateError('ERR_ABORTED', 'Cannot finish this file: the run was interrupted');

function advance(place: Place, batch: readonly ExtractionRecord[]): void {
  const last = batch.at(-1);
  if (last === undefined) return;
  place.format = last.format;
  place.seq = last.seq + 1;
}

/** Opens what was found. Caller closes. */
export async function openFound(found: Found, options: ExtractFileOptions): Promise<Input> {
  if (found.kind === 'issue') throw found.error;
  if (found.kind === 'file')
    return openFile(found.name, { name: found.path, isSync: options.isSync, strategy: options.strategy });
  return await openInput(found.path, options);
}
