import { openFile } from '../bytes/file-input.ts';
import type { Input } from '../bytes/input.ts';
import { openInput } from '../bytes/open-input.ts';
import { asTidegateError, TidegateError } from '../errors.ts';
import { detect } from '../formats/detect.ts';
import type { ReadOptions, RecordBatches } from '../formats/format.ts';
import { formatNamed } from '../formats/registry.ts';
import type { ExtractionRecord } from '../records.ts';
import { closingRecords, type Place } from './closing-records.ts';
import type { Found } from './found.ts';
import { LinkedAbort } from './linked-abort.ts';
import type { Meter } from './meter.ts';

/** Options for {@link extractFile}. Further members are options of the format. */
export interface ExtractFileOptions extends ReadOptions {
  /** Name of the format. @defaultValue found by content, then by name */
  readonly format?: string | undefined;
  /** Read synchronously: for worker threads. @defaultValue false */
  readonly isSync?: boolean | undefined;
  /** Aborted: the file ends at once, as `partial`, behind the records that were found. */
  readonly stop?: AbortSignal | undefined;
  /** The same for a thread that reads synchronously and hears no signals: asked after each batch. */
  readonly isStopping?: (() => boolean) | undefined;
  /** Counts the bytes. */
  readonly meter?: Meter | undefined;
}

/**
 * All records of one input, from `file` to `end`, whatever happens: an input that cannot be opened, a missing
 * package and a stop give an `issue` and an `end` too. Throws only when `signal` is aborted.
 */
export async function* extractFile(found: Found, options: ExtractFileOptions): RecordBatches {
  const place = { file: found.path, format: options.format ?? 'binary', seq: 0 };
  const reading = new LinkedAbort(options.signal, options.stop);
  let input: Input | undefined;
  try {
    input = await openFound(found, { ...options, signal: reading.signal });
    options.meter?.open(input);
    for await (const batch of readInput(input, { ...options, signal: reading.signal })) {
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

function advance(progress: { -readonly [K in keyof Place]: Place[K] }, batch: readonly ExtractionRecord[]): void {
  const last = batch.at(-1);
  if (last === undefined) return;
  progress.format = last.format;
  progress.seq = last.seq + 1;
}

async function* readInput(input: Input, options: ExtractFileOptions): RecordBatches {
  const format = options.format ? formatNamed(options.format) : (await detect(input, options)).format;
  const reader = await format.load();
  yield* reader.read(input, options);
}

async function openFound(found: Found, { isSync, signal }: ExtractFileOptions): Promise<Input> {
  if (found.kind === 'issue') throw found.error;
  if (found.kind === 'file') return openFile(found.name, { name: found.path, isSync });
  return await openInput(found.path, { signal });
}
