import type { ContainedFiles } from '../../bytes/contained-files.ts';
import { type Input, isPromise } from '../../bytes/input.ts';
import { asTidegateError } from '../../errors.ts';
import { positiveInteger, positiveNumber } from '../../options.ts';
import { MiB } from '../../units.ts';
import { externalSlabs } from '../hdf5/external/data.ts';
import { FallbackDecoder } from '../hdf5/fallback/decoder.ts';
import { fallbackSlabs } from '../hdf5/fallback/slabs.ts';
import { type DatasetObject, type Hdf5File, readFillValue } from '../hdf5/index.ts';
import { InflateBudget } from '../hdf5/inflate-budget.ts';
import { isNumeric, numberArray } from '../hdf5/number-array.ts';
import { isOwnWork, readSlabs, type Slab, type SlabLimits } from '../hdf5/slabs.ts';
import { addSlices, Slices } from '../hdf5/slices.ts';
import type { Recorder } from '../recorder.ts';
import { type CfAttributes, CfDecoder } from './cf-decoder.ts';
import { atomicName } from './nc4-types.ts';
import type { NetcdfOptions } from './options.ts';
import { SlabSamples } from './slab-samples.ts';
import { isWanted, type SliceChoice, sliceChoice } from './slice-options.ts';

/** Options of the reader, and the folder of the files that may be followed. */
export interface Nc4Options extends NetcdfOptions {
  readonly root: ContainedFiles | undefined;
}

/** Reads the values of NetCDF-4 variables, where they are wanted. */
export class Nc4Slicer {
  readonly hasCf: boolean;
  readonly #choice: SliceChoice | undefined;
  readonly #limits: SlabLimits;
  readonly #out: Recorder;
  readonly #fallback: FallbackDecoder | undefined;
  readonly #root: ContainedFiles | undefined;

  constructor(input: Input, options: Nc4Options, out: Recorder) {
    this.#root = options.root;
    this.hasCf = options.cf ?? false;
    this.#choice = sliceChoice(options);
    this.#out = out;
    const maxRatio = positiveNumber('maxInflateRatio', options.maxInflateRatio ?? 100);
    const maxBytes = positiveNumber('maxInflateBytes', options.maxInflateBytes ?? Number.POSITIVE_INFINITY);
    const inflate = new InflateBudget(maxRatio, maxBytes);
    this.#limits = { maxChunkBytes: this.#choice?.maxChunkBytes ?? 1, inflate, signal: options.signal };
    this.#fallback = this.#choice && makeFallback(input, options);
  }

  /** Ends the worker, if there is one. */
  async close(): Promise<void> {
    await this.#fallback?.close();
  }

  wants(path: string): boolean {
    return this.#choice !== undefined && isWanted(this.#choice, path);
  }

  /** Adds the samples of one variable; what cannot be decoded is an issue, and the next variable has its turn. */
  async *read(
    file: Hdf5File,
    path: string,
    hdf5Path: string,
    dataset: DatasetObject,
    attributes: CfAttributes,
  ): AsyncGenerator<void, void, void> {
    const { hasValues } = this.#choice!;
    try {
      const slabs = this.#slabs(file, hdf5Path, dataset);
      if (this.hasCf && isNumeric(dataset.type)) yield* this.#decoded(file, path, dataset, slabs, attributes);
      else yield* addSlices(new Slices(file, path, dataset, { values: hasValues }), slabs, this.#out);
    } catch (error) {
      this.#limits.signal?.throwIfAborted();
      const { code, message, offset, facts } = asTidegateError(error, 'ERR_INTERNAL', { file: file.input.name });
      if (facts.limit === 'maxRecords' || facts.limit === 'maxInflateBytes') throw error;
      this.#out.issue({ code, severity: 'error', message, offset, path });
    }
  }

  #slabs(file: Hdf5File, hdf5Path: string, dataset: DatasetObject): AsyncIterable<Slab> {
    const fallback = this.#fallback;
    const isExternal = dataset.externalPieces.length > 0;
    if (isExternal && this.#root) return externalSlabs(dataset, file.input, this.#root, this.#limits.signal);
    const isOwn = isOwnWork(dataset) || !fallback || isExternal;
    return isOwn ? readSlabs(file, dataset, this.#limits) : fallbackSlabs(file, hdf5Path, dataset, fallback);
  }

  async *#decoded(
    file: Hdf5File,
    path: string,
    dataset: DatasetObject,
    slabs: AsyncIterable<Slab>,
    attributes: CfAttributes,
  ): AsyncGenerator<void, void, void> {
    const { type, space } = dataset;
    if (!isNumeric(type)) return;
    const cf = new CfDecoder(atomicName(type) ?? 'double', attributes);
    const samples = new SlabSamples(this.#out, path, this.#choice!.hasValues, cf);
    let left = space.shape.reduce((product, length) => product * length, 1);
    for await (const { region, bytes, offset, lengthBytes } of slabs) {
      const numbers = numberArray(bytes, type);
      left -= numbers.length;
      samples.addNumbers({ ...region, offset, length: lengthBytes }, numbers);
      if (this.#out.isFull) yield;
    }
    if (left <= 0 || space.kind === 'null') return;
    const pending = file.run(() => readFillValue(file, dataset));
    const fill = isPromise(pending) ? await pending : pending;
    samples.addUnwritten(left, (fill ?? 0) as number | bigint);
  }
}

function makeFallback(input: Input, { fallback, signal }: NetcdfOptions): FallbackDecoder | undefined {
  if (fallback === false) return undefined;
  const timeoutMs = positiveInteger('fallback.timeoutMs', fallback?.timeoutMs ?? 10_000);
  const memoryBytes = positiveInteger('fallback.memoryBytes', fallback?.memoryBytes ?? 128 * MiB);
  return new FallbackDecoder(input, { timeoutMs, memoryBytes: Math.max(memoryBytes, 96 * MiB) }, signal);
}
