import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import type { Recorder } from '../recorder.ts';
import type { ClassicElement } from './classic-model.ts';
import { ClassicRecords } from './classic-records.ts';
import { type ClassicPlaces, type ClassicVisitor, walkClassic } from './classic-walk.ts';
import type { HeaderWindow } from './header-window.ts';
import type { NetcdfOptions } from './options.ts';

class RecordsVisitor implements ClassicVisitor<void> {
  readonly #out: Recorder;
  #records: ClassicRecords | undefined;

  constructor(out: Recorder) {
    this.#out = out;
  }

  begin(recordCount: number): void {
    this.#records = new ClassicRecords(this.#out, recordCount);
  }

  visit(element: ClassicElement): Generator<void, void, void> {
    return this.#records!.add(element);
  }
}

/** Reads a classic file (CDF-1, CDF-2, CDF-5) whose first bytes are in `window`. */
export async function* readClassic(
  window: HeaderWindow,
  input: Input,
  options: NetcdfOptions,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  const places = yield* walkClassic(window, input, options.signal, new RecordsVisitor(out));
  await checkEnd(window, input, places, options.signal);
}

/** `ERR_TRUNCATED_INPUT` if the input ends before the data that its header declares. */
async function checkEnd(
  window: HeaderWindow,
  input: Input,
  { layout, recordCount, headerEnd }: ClassicPlaces,
  signal: AbortSignal | undefined,
): Promise<void> {
  const endOffset = layout.endOffset(recordCount);
  if (endOffset <= headerEnd + window.held(headerEnd).length) return;
  if (input.sizeBytes !== undefined ? input.sizeBytes >= endOffset : await hasByte(input, endOffset - 1, signal))
    return;
  const message = `Cannot find all data: they should end at byte ${endOffset}, the input ends before`;
  throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset: input.sizeBytes ?? endOffset });
}

async function hasByte(input: Input, offset: number, signal: AbortSignal | undefined): Promise<boolean> {
  const pending = input.read(offset, 1, signal);
  const chunk = isPromise(pending) ? await pending : pending;
  const { length } = chunk.bytes;
  chunk.release();
  return length > 0;
}
