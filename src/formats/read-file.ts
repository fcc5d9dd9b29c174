import type { Input } from '../bytes/input.ts';
import { asTidegateError } from '../errors.ts';
import { positiveInteger } from '../options.ts';
import type { FormatName } from '../records.ts';
import type { ReadOptions, RecordBatches } from './format.ts';
import { Recorder } from './recorder.ts';

/**
 * The part of a reader that differs from format to format: adds to `out`, yields whenever `out.isFull`. A promise of it,
 * where the first bytes decide which: a generator within a generator costs as much as the records of a small file.
 */
export type ReadBody = (out: Recorder) => AsyncGenerator<void, void, void> | Promise<AsyncGenerator<void, void, void>>;

/**
 * The frame around every reader: the `file` record first, then what `body` finds; an error becomes an `issue`
 * with its code and offset, behind all that was found before it; the `end` record last.
 */
export async function* readRecords(
  input: Input,
  format: { readonly name: FormatName; readonly mediaType: string },
  options: ReadOptions,
  body: ReadBody,
): RecordBatches {
  // Not `performance`: its modules are half a MiB, loaded on first use.
  const start = process.hrtime.bigint();
  const out = new Recorder(input.name, format.name, {
    batchCount: positiveInteger('batchCount', options.batchCount ?? 64),
    maxRecords: positiveInteger('maxRecords', options.maxRecords ?? Number.POSITIVE_INFINITY),
    maxObjects: positiveInteger('maxObjects', options.maxObjects ?? Number.POSITIVE_INFINITY),
  });
  const stored = input.packed ?? input;
  out.file(stored.sizeBytes, input.mtime, format.mediaType);
  try {
    for await (const _ of await body(out)) yield out.take();
  } catch (error) {
    options.signal?.throwIfAborted();
    const { code, message, offset } = asTidegateError(error, 'ERR_INTERNAL', { file: input.name });
    out.issue({ code, severity: 'error', message, offset });
  }
  out.end(stored.bytesRead, Number((process.hrtime.bigint() - start) / 1000n) / 1000);
  yield out.take();
}
