import { inflateInput } from '../bytes/inflate-input.ts';
import { type Input, isPromise } from '../bytes/input.ts';
import { type InputSource, type OpenInputOptions, openInput } from '../bytes/open-input.ts';
import { strategyOf } from '../memory/strategy.ts';
import type { FormatName } from '../records.ts';
import { detect } from './detect.ts';
import type { Format, FormatReader, ReadOptions, RecordBatches } from './format.ts';
import type { FormatOptions } from './format-options.ts';
import { formatNamed } from './registry.ts';

/** How to open an input and how to read it, whatever its format. */
export interface ReadAnyOptions extends OpenInputOptions, ReadOptions, FormatOptions {
  /** Name of the format. @defaultValue found by content, then by name */
  readonly format?: FormatName | undefined;
}

/**
 * Opens an input, finds its format, and gives its records in batches. What is wrong inside the input becomes
 * records. Throws what comes before there is a record: `ERR_INPUT_OPEN`, `ERR_FORMAT_UNKNOWN`, `ERR_MISSING_PEER`,
 * `ERR_OPTION`, and the reason of an aborted `signal`. Closes the input, also one that was handed in.
 */
export async function* readAny(source: InputSource, options: ReadAnyOptions = {}): RecordBatches {
  const opening = openInput(source, options);
  const input = isPromise(opening) ? await opening : opening;
  try {
    yield* await readOpened(input, options);
  } finally {
    await input.close();
  }
}

/** {@link readAny} for an input that is open already, and stays open. */
export async function readOpened(input: Input, options: ReadAnyOptions = {}): Promise<RecordBatches> {
  const detected = options.format === undefined ? await detect(input, options) : undefined;
  const format = detected?.format ?? formatNamed(options.format!);
  const reader = loaded.get(format) ?? (await load(format));
  const own = options[format.name as keyof FormatOptions] as ReadOptions | undefined;
  const { strategy, chunkBytes = strategy && strategyOf(strategy, input.sizeBytes).chunkBytes } = options;
  const settings = { ...options, chunkBytes, ...own };
  if (!detected?.isGzip || format.readsGzip) return reader.read(input, settings);
  return readInflated(inflateInput(input, { ...settings, kind: 'gzip' }), reader, settings);
}

/** Readers that are there: an import costs something each time, also of what is loaded already. */
const loaded: WeakMap<Format, FormatReader> = new WeakMap();

async function load(format: Format): Promise<FormatReader> {
  const reader = await format.load();
  loaded.set(format, reader);
  return reader;
}

async function* readInflated(input: Input, reader: FormatReader, options: ReadOptions): RecordBatches {
  try {
    yield* reader.read(input, options);
  } finally {
    await input.close();
  }
}
