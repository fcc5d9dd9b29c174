import type { Input } from '../../bytes/input.ts';
import { asTidegateError } from '../../errors.ts';
import { positiveInteger, positiveNumber } from '../../options.ts';
import { MiB } from '../../units.ts';
import type { Recorder } from '../recorder.ts';
import { externalSlabs } from './external/data.ts';
import type { ExternalRoot } from './external/root.ts';
import { FallbackDecoder } from './fallback/decoder.ts';
import { fallbackSlabs } from './fallback/slabs.ts';
import type { Hdf5File } from './file.ts';
import type { FoundDataset } from './findings.ts';
import { InflateBudget } from './inflate-budget.ts';
import type { DatasetObject } from './object.ts';
import type { Hdf5Options, SliceOptions } from './options.ts';
import { isOwnWork, readSlabs, type Slab, type SlabLimits } from './slabs.ts';
import { addSlices, Slices } from './slices.ts';

/** Reads the elements of the datasets that were asked for; the caller closes it. */
export class DatasetReader {
  readonly #file: Hdf5File;
  readonly #slices: SliceOptions;
  readonly #limits: SlabLimits;
  readonly #fallback: FallbackDecoder | undefined;
  readonly #root: ExternalRoot | undefined;

  /** `root`: where other files with elements may be. */
  constructor(file: Hdf5File, slices: SliceOptions, options: Hdf5Options, root: ExternalRoot | undefined) {
    this.#root = root;
    this.#file = file;
    this.#slices = slices;
    this.#limits = slabLimits(options, slices);
    this.#fallback = options.fallback === false ? undefined : makeFallback(file.input, options);
  }

  /** Adds the samples of a dataset, if it was asked for. What cannot be read of it is an issue. */
  async *read({ path, ownPath, isElsewhere, dataset }: FoundDataset, out: Recorder): AsyncGenerator<void, void, void> {
    if (!isWanted(path, this.#slices)) return;
    try {
      const slabs = this.#slabs(ownPath, dataset);
      const slices = new Slices(this.#file, path, dataset, this.#slices);
      yield* addSlices(slices, isElsewhere ? withoutPlaces(slabs) : slabs, out);
    } catch (error) {
      this.#limits.signal?.throwIfAborted();
      const { code, message, offset, facts } = asTidegateError(error, 'ERR_INTERNAL', { file: this.#file.input.name });
      // The limits of the whole file end the whole file.
      if (facts.limit === 'maxRecords' || facts.limit === 'maxInflateBytes') throw error;
      out.issue({ code, severity: 'error', message, offset, path });
    }
  }

  #slabs(path: string, dataset: DatasetObject): AsyncIterable<Slab> {
    const fallback = this.#fallback;
    if (dataset.externalPieces.length > 0 && this.#root)
      return externalSlabs(dataset, this.#file.input, this.#root, this.#limits.signal);
    const isOwn = isOwnWork(dataset) || !fallback || dataset.externalPieces.length > 0;
    return isOwn ? readSlabs(this.#file, dataset, this.#limits) : fallbackSlabs(this.#file, path, dataset, fallback);
  }

  /** Ends the worker, if one was needed. */
  async close(): Promise<void> {
    await this.#fallback?.close();
  }
}

/** Offsets are those of the input. */
async function* withoutPlaces(slabs: AsyncIterable<Slab>): AsyncGenerator<Slab, void, void> {
  for await (const slab of slabs) yield { ...slab, offset: undefined, lengthBytes: undefined };
}

function slabLimits(options: Hdf5Options, slices: SliceOptions): SlabLimits {
  const maxRatio = positiveNumber('maxInflateRatio', options.maxInflateRatio ?? 100);
  const maxBytes = positiveNumber('maxInflateBytes', options.maxInflateBytes ?? Number.POSITIVE_INFINITY);
  const maxChunkBytes = positiveInteger('slices.maxChunkBytes', slices.maxChunkBytes ?? 256 * MiB);
  return { maxChunkBytes, inflate: new InflateBudget(maxRatio, maxBytes), signal: options.signal };
}

function makeFallback(input: Input, { fallback, signal }: Hdf5Options): FallbackDecoder {
  const { timeoutMs = 10_000, memoryBytes = 128 * MiB } = fallback || {};
  const limits = {
    timeoutMs: positiveInteger('fallback.timeoutMs', timeoutMs),
    memoryBytes: Math.max(96 * MiB, positiveInteger('fallback.memoryBytes', memoryBytes)),
  };
  return new FallbackDecoder(input, limits, signal);
}

function isWanted(path: string, { path: wanted }: SliceOptions): boolean {
  if (wanted === undefined) return true;
  const paths = typeof wanted === 'string' ? [wanted] : wanted;
  return paths.some((one) => path === one || path.startsWith(one.endsWith('/') ? one : `${one}/`));
}
