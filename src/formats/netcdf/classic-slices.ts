import { KiB } from '../../units.ts';
import type { Recorder } from '../recorder.ts';
import { type Box, boxes } from './boxes.ts';
import type { ClassicData } from './classic-data.ts';
import type { ClassicVariable } from './classic-model.ts';
import type { ClassicPlaces } from './classic-walk.ts';
import { decodeNumbers } from './decode-numbers.ts';
import type { SlabPlace, SlabSamples } from './slab-samples.ts';

/** A slab has at most so many bytes, whatever the chunk size: the samples of a file do not depend on that. */
const SLAB_BYTES = 256 * KiB;
/** A record carries at most so many values. */
const VALUES_PER_SAMPLE = 1024;

/** A variable whose values are wanted. */
export interface SlicedVariable {
  readonly variable: ClassicVariable;
  readonly samples: SlabSamples;
}

/** Reads the values of variables in the order in which they stand in the file, so that a pipe will do. */
export class ClassicSlices {
  readonly #data: ClassicData;
  readonly #out: Recorder;
  readonly #hasValues: boolean;
  /** Aligned for every type; what has been made of it is in records before it is filled again. */
  readonly #slab: Buffer = Buffer.from(new ArrayBuffer(SLAB_BYTES));

  constructor(data: ClassicData, out: Recorder, hasValues: boolean) {
    this.#data = data;
    this.#out = out;
    this.#hasValues = hasValues;
  }

  async *read(sliced: readonly SlicedVariable[], places: ClassicPlaces): AsyncGenerator<void, void, void> {
    const inOrder = sliced.toSorted((one, other) => one.variable.begin - other.variable.begin);
    for (const { variable, samples } of inOrder.filter((one) => !one.variable.isRecord)) {
      const shape = variable.dimensions.map((dimension) => dimension.lengthCount);
      yield* this.#contiguous(variable, samples, shape, [], variable.begin);
    }
    const inRecords = inOrder.filter((one) => one.variable.isRecord);
    const { recordBytes } = places.layout;
    if (inRecords.length === 0 || recordBytes === 0) return;
    // A file may place its variables further apart than a record is long: then nothing is read together.
    if (recordBytes <= SLAB_BYTES && spanBytes(inRecords) <= recordBytes)
      yield* this.#groupedRecords(inRecords, places);
    else yield* this.#singleRecords(inRecords, places);
  }

  /** Elements that stand together in the file, from `begin` on; `recordIndex` leads their `start`. */
  async *#contiguous(
    variable: ClassicVariable,
    samples: SlabSamples,
    shape: readonly number[],
    recordIndex: readonly number[],
    begin: number,
  ): AsyncGenerator<void, void, void> {
    const { sizeBytes } = variable.type;
    for (const box of boxes(shape, this.#maxCount(variable))) {
      const offset = begin + box.firstIndex * sizeBytes;
      const bytes = this.#slab.subarray(0, box.count * sizeBytes);
      await this.#data.read(offset, bytes);
      const start = [...recordIndex, ...box.start];
      const boxShape = recordIndex.length > 0 ? [1, ...box.shape] : box.shape;
      addSlab(variable, samples, { start, shape: boxShape, offset, length: bytes.length }, bytes);
      if (this.#out.isFull) yield;
    }
  }

  /** Records longer than a slab: one by one, and of each only what is wanted. */
  async *#singleRecords(sliced: readonly SlicedVariable[], places: ClassicPlaces): AsyncGenerator<void, void, void> {
    for (let index = 0; index < places.recordCount; index++) {
      for (const { variable, samples } of sliced) {
        const shape = variable.dimensions.slice(1).map((dimension) => dimension.lengthCount);
        const begin = variable.begin + index * places.layout.recordBytes;
        yield* this.#contiguous(variable, samples, shape, [index], begin);
      }
    }
  }

  /** Short records: as many as a slab holds are read at once, and the variables picked from between each other. */
  async *#groupedRecords(sliced: readonly SlicedVariable[], places: ClassicPlaces): AsyncGenerator<void, void, void> {
    const { recordBytes } = places.layout;
    const first = sliced[0]!.variable.begin;
    const recordsPerSlab = Math.floor(SLAB_BYTES / recordBytes);
    const picked = Buffer.from(new ArrayBuffer(SLAB_BYTES));
    for (let index = 0; index < places.recordCount; index += recordsPerSlab) {
      const recordCount = Math.min(recordsPerSlab, places.recordCount - index);
      const slab = this.#slab.subarray(0, (recordCount - 1) * recordBytes + spanBytes(sliced));
      await this.#data.read(first + index * recordBytes, slab);
      for (const one of sliced) {
        const bytes = pick(slab, one.variable.begin - first, one.variable.slabBytes, recordBytes, recordCount, picked);
        for (const box of this.#recordBoxes(one.variable, recordCount)) {
          const { sizeBytes } = one.variable.type;
          const start = [index + box.start[0]!, ...box.start.slice(1)];
          const part = bytes.subarray(box.firstIndex * sizeBytes, (box.firstIndex + box.count) * sizeBytes);
          addSlab(one.variable, one.samples, { start, shape: box.shape }, part);
          if (this.#out.isFull) yield;
        }
      }
    }
  }

  #recordBoxes(variable: ClassicVariable, recordCount: number): Generator<Box, void, void> {
    const inner = variable.dimensions.slice(1).map((dimension) => dimension.lengthCount);
    return boxes([recordCount, ...inner], this.#maxCount(variable));
  }

  #maxCount(variable: ClassicVariable): number {
    return this.#hasValues ? VALUES_PER_SAMPLE : SLAB_BYTES / variable.type.sizeBytes;
  }
}

/** Bytes of a record from the first wanted variable to the end of the last one. */
function spanBytes(sliced: readonly SlicedVariable[]): number {
  const last = sliced.at(-1)!.variable;
  return last.begin + last.slabBytes - sliced[0]!.variable.begin;
}

/** The bytes of one variable, out of records that stand behind each other. */
function pick(
  records: Buffer,
  at: number,
  slabBytes: number,
  recordBytes: number,
  recordCount: number,
  target: Buffer,
): Buffer {
  if (slabBytes === recordBytes) return records;
  for (let index = 0; index < recordCount; index++) {
    const from = at + index * recordBytes;
    records.copy(target, index * slabBytes, from, from + slabBytes);
  }
  return target.subarray(0, recordCount * slabBytes);
}

function addSlab(variable: ClassicVariable, samples: SlabSamples, place: SlabPlace, bytes: Buffer): void {
  if (variable.type.name === 'char') samples.addText(place, bytes);
  else samples.addNumbers(place, decodeNumbers(variable.type.name, variable.type.sizeBytes, bytes));
}
