import type { Input } from '../../bytes/input.ts';
import { KiB } from '../../units.ts';
import type { Recorder } from '../recorder.ts';
import { CfDecoder } from './cf-decoder.ts';
import { classicCfAttributes } from './classic-cf.ts';
import { ClassicData } from './classic-data.ts';
import { checkClassicEnd } from './classic-end.ts';
import type { ClassicElement, ClassicVariable } from './classic-model.ts';
import { ClassicRecords } from './classic-records.ts';
import { ClassicSlices, type SlicedVariable } from './classic-slices.ts';
import { type ClassicVisitor, walkClassic } from './classic-walk.ts';
import type { HeaderWindow } from './header-window.ts';
import type { NetcdfOptions } from './options.ts';
import { SlabSamples } from './slab-samples.ts';
import { isWanted, type SliceChoice, sliceChoice } from './slice-options.ts';

const DEFAULT_CHUNK_BYTES = 256 * KiB;

class RecordsVisitor implements ClassicVisitor<void> {
  /** The variables whose values are wanted. */
  readonly sliced: SlicedVariable[] = [];
  readonly #out: Recorder;
  readonly #choice: SliceChoice | undefined;
  readonly #hasCf: boolean;
  #records: ClassicRecords | undefined;

  constructor(out: Recorder, choice: SliceChoice | undefined, hasCf: boolean) {
    this.#out = out;
    this.#choice = choice;
    this.#hasCf = hasCf;
  }

  begin(recordCount: number): void {
    this.#records = new ClassicRecords(this.#out, recordCount, (path, variable) => this.#choose(path, variable));
  }

  visit(element: ClassicElement): Iterable<void> | undefined {
    return this.#records!.add(element);
  }

  #choose(path: string, variable: ClassicVariable): void {
    const choice = this.#choice;
    if (choice === undefined || !isWanted(choice, path)) return;
    const cf = this.#hasCf ? new CfDecoder(variable.type.name, classicCfAttributes(variable.attributes)) : undefined;
    const samples = new SlabSamples(this.#out, path, choice.hasValues, cf);
    // Attributes hold on to the memory of the header, and are not needed any more.
    this.sliced.push({ variable: { ...variable, attributes: [] }, samples });
  }
}

/** Reads a classic file (CDF-1, CDF-2, CDF-5) whose first bytes are in `window`. */
export async function* readClassic(
  window: HeaderWindow,
  input: Input,
  options: NetcdfOptions,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  const choice = sliceChoice(options);
  const visitor = new RecordsVisitor(out, choice, options.cf ?? false);
  const places = yield* walkClassic(window, input, options.signal, visitor);
  const { headerEnd } = places;
  const held = window.held(headerEnd);
  let seenEnd = headerEnd + held.length;
  if (visitor.sliced.length > 0) {
    const chunkBytes = options.chunkBytes ?? DEFAULT_CHUNK_BYTES;
    const data = new ClassicData(input, options.signal, chunkBytes, headerEnd, held);
    yield* new ClassicSlices(data, out, choice?.hasValues ?? false).read(visitor.sliced, places);
    seenEnd = Math.max(seenEnd, data.seenEnd);
  }
  await checkClassicEnd(input, places, seenEnd, out, options.signal);
}
