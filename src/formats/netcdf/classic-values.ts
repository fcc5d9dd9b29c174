import type { Input } from '../../bytes/input.ts';
import { KiB } from '../../units.ts';
import type { Recorder } from '../recorder.ts';
import { CfDecoder } from './cf-decoder.ts';
import { classicCfAttributes } from './classic-cf.ts';
import { ClassicData } from './classic-data.ts';
import type { ClassicVariable } from './classic-model.ts';
import { ClassicSlices, type SlicedVariable } from './classic-slices.ts';
import type { ClassicPlaces } from './classic-walk.ts';
import type { NetcdfOptions } from './options.ts';
import { SlabSamples } from './slab-samples.ts';
import { isWanted, type SliceChoice } from './slice-options.ts';

const DEFAULT_CHUNK_BYTES = 256 * KiB;

/** The values of the variables that were asked for. */
export class ClassicValues {
  readonly #sliced: SlicedVariable[] = [];
  readonly #input: Input;
  readonly #choice: SliceChoice;
  readonly #options: NetcdfOptions;
  readonly #out: Recorder;
  /** Up to where the input has been read. */
  seenEnd = 0;

  constructor(input: Input, choice: SliceChoice, options: NetcdfOptions, out: Recorder) {
    this.#input = input;
    this.#choice = choice;
    this.#options = options;
    this.#out = out;
  }

  /** Remembers the variable, if it was asked for. */
  consider(path: string, variable: ClassicVariable): void {
    if (!isWanted(this.#choice, path)) return;
    const { attributes, type } = variable;
    const cf = this.#options.cf ? new CfDecoder(type.name, classicCfAttributes(attributes)) : undefined;
    const samples = new SlabSamples(this.#out, path, this.#choice.hasValues, cf);
    // Attributes hold on to the memory of the header, and are not needed any more.
    this.#sliced.push({ variable: { ...variable, attributes: [] }, samples });
  }

  /** Adds the samples; `held` is what is in memory behind the header. */
  async *read(places: ClassicPlaces, held: Buffer): AsyncGenerator<void, void, void> {
    if (this.#sliced.length === 0) return;
    const { chunkBytes = DEFAULT_CHUNK_BYTES, signal } = this.#options;
    const data = new ClassicData(this.#input, signal, chunkBytes, places.headerEnd, held);
    yield* new ClassicSlices(data, this.#out, this.#choice.hasValues).read(this.#sliced, places);
    this.seenEnd = data.seenEnd;
  }
}
