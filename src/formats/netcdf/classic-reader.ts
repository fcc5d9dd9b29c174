import type { Input } from '../../bytes/input.ts';
import type { Recorder } from '../recorder.ts';
import { checkClassicEnd } from './classic-end.ts';
import { ClassicRecords } from './classic-records.ts';
import { ClassicWalk } from './classic-walk.ts';
import type { HeaderWindow } from './header-window.ts';
import type { NetcdfOptions } from './options.ts';
import { sliceChoice } from './slice-options.ts';

/** Reads a classic file (CDF-1, CDF-2, CDF-5) whose first bytes are in `window`. */
export async function* readClassic(
  window: HeaderWindow,
  input: Input,
  options: NetcdfOptions,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  const choice = sliceChoice(options);
  // Most want the header only.
  const values = choice && new (await import('./classic-values.ts')).ClassicValues(input, choice, options, out);
  const walk = new ClassicWalk(window, input, options.signal);
  const records = new ClassicRecords(out, walk, (path, variable) => values?.consider(path, variable));
  for (;;) {
    const element = walk.next();
    if (element === undefined) break;
    if (element instanceof Promise) {
      await element;
      continue;
    }
    const many = records.add(element);
    if (many) yield* many;
    else if (out.isFull) yield;
  }
  const places = walk.places();
  const held = window.held(places.headerEnd);
  if (values) yield* values.read(places, held);
  const seenEnd = Math.max(places.headerEnd + held.length, values?.seenEnd ?? 0);
  await checkClassicEnd(input, places, seenEnd, out, options.signal);
}
