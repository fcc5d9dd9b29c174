import { openFile } from '../bytes/file-input.ts';
import type { Input } from '../bytes/input.ts';
import { asTidegateError, TidegateError } from '../errors.ts';
import { detect } from '../formats/detect.ts';
import type { ReadOptions, RecordBatches } from '../formats/format.ts';
import { formatNamed } from '../formats/registry.ts';
import type { ExtractionRecord } from '../records.ts';
import { closingRecords, type Place } from './closing-records.ts';
import type { Found } from './found.ts';
import type { Meter } from './meter.ts';

/** Options for {@link extractFile}. Further members are options of the format. */
export interface ExtractFileOptions extends ReadOptions {
  /** Name of the format. @defaultValue found by content, then by name */
  readonly format?: string | undefined;
  /** Read synchronously: for worker threads. @defaultValue false */
  readonly isSync?: boolean | undefined;
  /** When it says `true`, the file ends after the batch under way, as `partial`. */
  readonly isStopping?: (() => boolean) | undefined;
  /** Counts the bytes. */
  readonly meter?: Meter | undefined;
}

/**
 * All records of one input, from `file` to `end`, whatever happens: an input that cannot be opened, a missing
 * package and a stop give an `issue` and an `end` too. Throws only when `signal` is aborted.
 */
export async function* extractFile(found: Found, options: ExtractFileOptions): RecordBatches {
  const progress = { file: found.path, format: options.format ?? 'binary', seq: 0 };
  let input: Input | undefined;
  try {
    if (found.kind === 'issue') throw found.error;
    input = await openFound(found, options);
    options.meter?.open(input);
    progress.file = input.name;
    const { isStopping = () => false } = options;
    for await (const batch of readInput(input, options)) {
      advance(progress, batch);
      yield batch;
      if (batch.at(-1)?.kind === 'end') return;
      if (isStopping()) throw new TidegateError('ERR_ABORTED', 'Cannot finish this file: the run was interrupted');
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    yield closingRecords(progress, asTidegateError(error, 'ERR_INTERNAL'), input?.bytesRead ?? 0);
  } finally {
    if (input) {
      options.meter?.close(input);
      await input.close();
    }
  }
}

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

async function openFound(found: Exclude<Found, { kind: 'issue' }>, options: ExtractFileOptions): Promise<Input> {
  if (found.kind !== 'file') throw new TidegateError('ERR_UNSUPPORTED', `Cannot read ${found.path}`);
  return openFile(found.name as string, { isSync: options.isSync });
}
