import { isPromise } from '../../bytes/input.ts';
import { jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { Recorder, SampleBody } from '../recorder.ts';
import { elementCount } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import type { Hdf5File } from './file.ts';
import { readFillValue } from './fill-value.ts';
import { isNumeric, numberArray } from './number-array.ts';
import type { DatasetObject } from './object.ts';
import type { SliceOptions } from './options.ts';
import { countOf } from './region.ts';
import type { Slab } from './slabs.ts';
import { type NumberArray, Statistics } from './statistics.ts';
import { readValues } from './value.ts';
import { jsonReader } from './value-json.ts';

/** Elements and bytes of text that the values of one slab may have in a record. */
const VALUE_LIMITS = { maxElements: 2 ** 22, maxBytes: 2 ** 26 };

/** Makes one sample of each slab of a dataset: where it stands, its statistics, those up to here, its values. */
export class Slices {
  readonly #file: Hdf5File;
  readonly #path: string;
  readonly #dataset: DatasetObject;
  readonly #hasValues: boolean;
  readonly #running = new Statistics();
  #index = 0;
  #elements = 0;

  constructor(file: Hdf5File, path: string, dataset: DatasetObject, options: SliceOptions) {
    this.#file = file;
    this.#path = path;
    this.#dataset = dataset;
    this.#hasValues = options.values ?? false;
  }

  /** The sample of one slab. */
  async sample({ region, bytes, type = this.#dataset.type, offset, lengthBytes }: Slab): Promise<SampleBody> {
    this.#elements += countOf(region.shape);
    const value: Record<string, Json> = { start: region.start, shape: region.shape };
    const numbers = isNumeric(type) ? numberArray(bytes, type) : undefined;
    if (numbers) this.#addStatistics(value, Statistics.of(numbers));
    if (this.#hasValues) value.values = (numbers ? numbersJson(numbers) : await this.#otherJson(bytes, type)) ?? null;
    return { path: this.#path, index: this.#index++, offset, length: lengthBytes, value };
  }

  /** A last sample for the elements that were never written: they have the fill value. */
  async rest(): Promise<SampleBody | undefined> {
    const { space, type } = this.#dataset;
    const missing = elementCount(space) - this.#elements;
    if (missing <= 0) return undefined;
    const made = this.#file.run(() => readFillValue(this.#file, this.#dataset));
    const element = isPromise(made) ? await made : made;
    const value: Record<string, Json> = { unwritten: missing };
    if (isNumeric(type)) {
      const number = (element ?? 0) as number | bigint;
      value.fill = jsonNumber(number);
      this.#addStatistics(value, Statistics.ofSame(number, missing));
    } else if (element !== undefined) value.fill = jsonReader(type)(element) ?? null;
    return { path: this.#path, index: this.#index++, value };
  }

  #addStatistics(value: Record<string, Json>, own: Statistics): void {
    this.#running.merge(own);
    Object.assign(value, own.toJson(), { running: this.#running.toJson() });
  }

  async #otherJson(bytes: Buffer, type: Datatype): Promise<Json | undefined> {
    const span = { offset: -1, lengthBytes: bytes.length, bytes };
    const made = this.#file.run(() => readValues(this.#file, type, span, VALUE_LIMITS));
    const values = isPromise(made) ? await made : made;
    const read = jsonReader(type);
    return values?.map((element) => (element === null ? null : (read(element) ?? null)));
  }
}

/** Adds the samples of one dataset, from slabs by this reader or another decoder. */
export async function* addSlices(
  slices: Slices,
  slabs: AsyncIterable<Slab>,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  for await (const slab of slabs) {
    out.sample(await slices.sample(slab));
    if (out.isFull) yield;
  }
  const rest = await slices.rest();
  if (rest) out.sample(rest);
}

function numbersJson(numbers: NumberArray): Json {
  const json = new Array<Json>(numbers.length);
  for (let index = 0; index < numbers.length; index++) json[index] = jsonNumber(numbers[index]!);
  return json;
}
