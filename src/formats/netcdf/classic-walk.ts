import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { KiB, MiB } from '../../units.ts';
import { ClassicHeader } from './classic-header.ts';
import { ClassicLayout } from './classic-layout.ts';
import type { ClassicElement } from './classic-model.ts';
import type { HeaderWindow } from './header-window.ts';

const DRAIN_BYTES = 256 * KiB;
/** Without `numrecs` the header waits in memory for the end of the input: so much of it at most. */
const MAX_WAITING_ELEMENTS = 20_000;
const MAX_WAITING_BYTES = 16 * MiB;

/** What is known when the header has been read. */
export interface ClassicPlaces {
  readonly layout: ClassicLayout;
  readonly recordCount: number;
  readonly headerEnd: number;
  /** Where the input ends, if that was needed to count the records. */
  readonly inputEnd: number | undefined;
}

/** The elements of the header in a window, once it is known how many records there are. */
export class ClassicWalk {
  readonly #window: HeaderWindow;
  readonly #input: Input;
  readonly #signal: AbortSignal | undefined;
  readonly #header: ClassicHeader;
  readonly #layout: ClassicLayout;
  /** Elements that wait for the number of records. */
  readonly #waiting: ClassicElement[] = [];
  #replayIndex = 0;
  #recordCount: number | undefined;
  #headerEnd = -1;
  #inputEnd: number | undefined;

  constructor(window: HeaderWindow, input: Input, signal: AbortSignal | undefined) {
    this.#window = window;
    this.#input = input;
    this.#signal = signal;
    this.#header = new ClassicHeader(window, input.name);
    this.#layout = new ClassicLayout(input.name);
  }

  /** Records of the file; known when the first element comes. */
  get recordCount(): number {
    return this.#recordCount ?? 0;
  }

  /** The next element, or a promise to wait for before the next call; `undefined` behind the last one. */
  next(): ClassicElement | Promise<void> | undefined {
    while (this.#headerEnd < 0) {
      const step = this.#header.next();
      if (typeof step === 'number') return this.#window.fill(step);
      if (step.kind === 'start') this.#recordCount = step.recordCount;
      else if (step.kind === 'variable') this.#layout.add(step);
      else if (step.kind === 'end') this.#headerEnd = step.offset;
      if (this.#recordCount !== undefined) return step;
      hold(this.#waiting, step, this.#window.offset, this.#input.name);
    }
    return this.#recordCount === undefined ? this.#countRecords() : this.#waiting[this.#replayIndex++];
  }

  /** Where everything is; `ERR_MALFORMED` if that cannot be. Behind the last element. */
  places(): ClassicPlaces {
    this.#layout.check(this.#headerEnd, this.recordCount);
    const { recordCount } = this;
    return { layout: this.#layout, recordCount, headerEnd: this.#headerEnd, inputEnd: this.#inputEnd };
  }

  /** STREAMING (specification, `numrecs`): the size of the file tells how many records there are. */
  async #countRecords(): Promise<void> {
    const from = this.#headerEnd + this.#window.held(this.#headerEnd).length;
    this.#inputEnd = this.#input.sizeBytes ?? (await drain(this.#input, from, this.#signal));
    this.#recordCount = this.#layout.recordsIn(this.#inputEnd);
  }
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
