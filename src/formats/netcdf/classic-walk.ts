import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { KiB, MiB } from '../../units.ts';
import { parseClassicHeader } from './classic-header.ts';
import { ClassicLayout } from './classic-layout.ts';
import type { ClassicElement } from './classic-model.ts';
import type { HeaderWindow } from './header-window.ts';

const DRAIN_BYTES = 256 * KiB;
/** Without `numrecs` the header waits in memory for the end of the input: so much of it at most. */
const MAX_WAITING_ELEMENTS = 20_000;
const MAX_WAITING_BYTES = 16 * MiB;

/** What is made of the elements of a header; `begin` is told first how many records there are. */
export interface ClassicVisitor<T> {
  begin(recordCount: number): void;
  visit(element: ClassicElement): Iterable<T> | undefined;
}

/** What is known when the header has been read. */
export interface ClassicPlaces {
  readonly layout: ClassicLayout;
  readonly recordCount: number;
  readonly headerEnd: number;
  /** Where the input ends, if that was needed to count the records. */
  readonly inputEnd: number | undefined;
}

/** Walks over the header in the window, and yields what the visitor yields. */
export async function* walkClassic<T>(
  window: HeaderWindow,
  input: Input,
  signal: AbortSignal | undefined,
  visitor: ClassicVisitor<T>,
): AsyncGenerator<T, ClassicPlaces, void> {
  const layout = new ClassicLayout(input.name);
  const waiting: ClassicElement[] = [];
  let recordCount: number | undefined;
  let headerEnd = 0;
  for (const step of parseClassicHeader(window, input.name)) {
    if (typeof step === 'number') {
      await window.fill(step);
      continue;
    }
    if (step.kind === 'start' && (recordCount = step.recordCount) !== undefined) visitor.begin(recordCount);
    if (step.kind === 'variable') layout.add(step);
    if (step.kind === 'end') headerEnd = step.offset;
    if (recordCount !== undefined) {
      const made = visitor.visit(step);
      // Not yield*: from here it would wait for each element.
      if (made !== undefined) for (const one of made) yield one;
    } else hold(waiting, step, window.offset, input.name);
  }
  let inputEnd: number | undefined;
  if (recordCount === undefined) {
    // STREAMING (specification, `numrecs`): the size of the file tells how many records there are.
    inputEnd = input.sizeBytes ?? (await drain(input, headerEnd + window.held(headerEnd).length, signal));
    recordCount = layout.recordsIn(inputEnd);
    visitor.begin(recordCount);
    for (const element of waiting) yield* visitor.visit(element) ?? [];
  }
  layout.check(headerEnd, recordCount);
  return { layout, recordCount, headerEnd, inputEnd };
}

function hold(waiting: ClassicElement[], element: ClassicElement, offset: number, file: string): void {
  if (waiting.push(element) <= MAX_WAITING_ELEMENTS && offset <= MAX_WAITING_BYTES) return;
  const message = `Cannot hold the header of a file without a record count: it goes on behind byte ${offset}`;
  throw new TidegateError('ERR_LIMIT', message, { file, offset, limit: 'header without a record count' });
}

/** Reads a pipe to its end; answers where that is. */
async function drain(input: Input, offset: number, signal: AbortSignal | undefined): Promise<number> {
  for (;;) {
    const pending = input.read(offset, DRAIN_BYTES, signal);
    const chunk = isPromise(pending) ? await pending : pending;
    const { length } = chunk.bytes;
    chunk.release();
    if (length === 0) return offset;
    offset += length;
  }
}
