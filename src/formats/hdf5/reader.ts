import { type Input, isPromise } from '../../bytes/input.ts';
import { asTidegateError, TidegateError } from '../../errors.ts';
import { positiveInteger, positiveNumber } from '../../options.ts';
import { MiB } from '../../units.ts';
import type { FormatReader } from '../format.ts';
import { readRecords } from '../read-file.ts';
import type { Recorder } from '../recorder.ts';
import { FallbackDecoder } from './fallback/decoder.ts';
import { fallbackSlabs } from './fallback/slabs.ts';
import { Hdf5File } from './file.ts';
import { Findings, type FoundDataset } from './findings.ts';
import { hdf5Format } from './format.ts';
import { InflateBudget } from './inflate-budget.ts';
import type { Hdf5Options, SliceOptions } from './options.ts';
import { seekableInput } from './seekable-input.ts';
import { isOwnWork, readSlabs, type SlabLimits } from './slabs.ts';
import { addSlices, Slices } from './slices.ts';

/** Reads HDF5: each object, its attributes behind it, then its samples where asked for, depth first. */
export const reader: FormatReader<Hdf5Options> = {
  read(input, options = {}) {
    const format = { name: hdf5Format.name, mediaType: hdf5Format.mediaTypes[0]! };
    return readRecords(input, format, options, (out) => readBody(input, options, out));
  },
};

async function* readBody(input: Input, options: Hdf5Options, out: Recorder): AsyncGenerator<void, void, void> {
  const maxBytes = positiveInteger('maxBufferedBytes', options.maxBufferedBytes ?? 16 * MiB);
  const { cacheBytes, signal } = options;
  const seekable = await seekableInput(input, maxBytes, signal);
  const file = await Hdf5File.open(seekable, { capacityBytes: cacheBytes, signal });
  const fallback = makeFallback(seekable, options);
  try {
    yield* readObjects(file, options, fallback, out);
  } finally {
    await fallback?.close();
  }
  expectWhole(file);
}

async function* readObjects(
  file: Hdf5File,
  options: Hdf5Options,
  fallback: FallbackDecoder | undefined,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  const slices = options.slices === true ? {} : options.slices;
  const limits = slabLimits(options, slices);
  const findings = new Findings(file, out, options);
  const step = () => findings.next();
  for (;;) {
    const next = file.run(step);
    if (!(isPromise(next) ? await next : next)) return;
    if (out.isFull) yield;
    const found = slices ? findings.takeDataset() : undefined;
    if (!found || !isWanted(found.path, slices!)) continue;
    const samples = new Slices(file, found.path, found.dataset, slices!);
    yield* readSlices(file, found, samples, limits, fallback, out);
  }
}

function makeFallback(input: Input, { slices, fallback, signal }: Hdf5Options): FallbackDecoder | undefined {
  if (!slices || fallback === false) return undefined;
  const timeoutMs = positiveInteger('fallback.timeoutMs', fallback?.timeoutMs ?? 10_000);
  const memoryBytes = positiveInteger('fallback.memoryBytes', fallback?.memoryBytes ?? 128 * MiB);
  return new FallbackDecoder(input, { timeoutMs, memoryBytes: Math.max(memoryBytes, 96 * MiB) }, signal);
}

function slabLimits(options: Hdf5Options, slices: SliceOptions | undefined): SlabLimits {
  const maxRatio = positiveNumber('maxInflateRatio', options.maxInflateRatio ?? 100);
  const maxBytes = positiveNumber('maxInflateBytes', options.maxInflateBytes ?? Number.POSITIVE_INFINITY);
  const maxChunkBytes = positiveInteger('slices.maxChunkBytes', slices?.maxChunkBytes ?? 256 * MiB);
  return { maxChunkBytes, inflate: new InflateBudget(maxRatio, maxBytes), signal: options.signal };
}

function isWanted(path: string, { path: wanted }: SliceOptions): boolean {
  if (wanted === undefined) return true;
  const paths = typeof wanted === 'string' ? [wanted] : wanted;
  return paths.some((one) => path === one || path.startsWith(one.endsWith('/') ? one : `${one}/`));
}

async function* readSlices(
  file: Hdf5File,
  { path, dataset }: FoundDataset,
  samples: Slices,
  limits: SlabLimits,
  fallback: FallbackDecoder | undefined,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  try {
    const isOwn = isOwnWork(dataset) || !fallback || dataset.hasExternalFiles;
    const slabs = isOwn ? readSlabs(file, dataset, limits) : fallbackSlabs(file, path, dataset, fallback);
    yield* addSlices(samples, slabs, out);
  } catch (error) {
    limits.signal?.throwIfAborted();
    const { code, message, offset, facts } = asTidegateError(error, 'ERR_INTERNAL', { file: file.input.name });
    if (facts.limit === 'maxRecords' || facts.limit === 'maxInflateBytes') throw error;
    out.issue({ code, severity: 'error', message, offset, path });
  }
}

/** A file that was cut may look whole to those who only read what is there. */
function expectWhole({ superblock: { endOffset }, sizeBytes, input }: Hdf5File): void {
  if (endOffset <= sizeBytes) return;
  const message = `Cannot read all of the file: it ends at byte ${sizeBytes}, its superblock says ${endOffset}`;
  throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset: sizeBytes });
}
