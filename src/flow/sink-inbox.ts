import { isPromise } from '../bytes/input.ts';
import { Gate } from './gate.ts';
import { Producer } from './producer.ts';
import { Queue } from './queue.ts';
import type { Sink, SinkReport } from './sink.ts';
import type { SinkRunOptions } from './sink-options.ts';
import { bytesOf, type SizeOf, safeSize } from './size-of.ts';

const FUNCTION_MARK = 16;
const BATCH_MARK = 1024;
const DEFAULT_BYTES = 16 * 1024 * 1024;

/** What waits to be written into a sink, or handed to a function one by one, behind the gate that counts it. */
export class SinkInbox<T> {
  readonly gate: Gate;
  readonly caller: Producer<never>;
  readonly #sink: Sink<T>;
  readonly #one: ((value: T) => unknown) | undefined;
  readonly #queue: Queue<T> = new Queue();
  readonly #sizeOf: SizeOf<T>;
  #items = 0;
  #batches = 0;
  #isOver = false;

  constructor(
    sink: Sink<T>,
    one: ((value: T) => unknown) | undefined,
    options: SinkRunOptions<T>,
    isBusy: () => boolean,
  ) {
    this.#sink = sink;
    this.#one = one;
    const label = options.label ?? 'sink';
    const marks = { ...options, highWaterBytes: options.highWaterBytes ?? DEFAULT_BYTES };
    this.gate = new Gate(label, marks, one ? FUNCTION_MARK : BATCH_MARK);
    this.gate.held = () => sink.bufferedBytes ?? 0;
    this.caller = new Producer<never>(label);
    this.caller.inlets = [this.gate];
    this.caller.busy = isBusy;
    this.gate.carrier = this.caller;
    this.#sizeOf = safeSize(options.sizeOf ?? bytesOf);
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  push(value: T): void {
    const bytes = this.#sizeOf(value);
    this.#queue.push(value, bytes);
    this.gate.enter(bytes);
  }

  /** Hands a value on that never waits here. The promise counts it until it is written. */
  pass(one: (value: T) => unknown, value: T): Promise<void> | undefined {
    const result = this.caller.call(one, value);
    if (isPromise(result)) {
      const bytes = this.#sizeOf(value);
      this.gate.enter(bytes);
      return Promise.resolve(result).then(() => this.#written(1, bytes));
    }
    this.#items++;
    this.gate.pass();
    return undefined;
  }

  /** Writes the first value, or all of them, as the sink takes them. */
  write(): Promise<void> | undefined {
    const bytes = this.#one ? this.#queue.firstBytes : this.#queue.bytes;
    if (this.#one) return this.#counted(this.caller.call(this.#one, this.#queue.shift()), 1, bytes);
    const batch = this.#queue.takeAll();
    this.#batches++;
    const result = this.caller.call((values: readonly T[]) => this.#sink.write(values), batch);
    return this.#counted(result, batch.length, bytes);
  }

  /** What waits is dropped. */
  discard(): void {
    this.gate.leave(this.#queue.bytes, this.#queue.length);
    this.#queue.clear();
  }

  report(): Pick<SinkReport, 'items' | 'batches' | 'peakQueuedItems' | 'peakQueuedBytes'> {
    const { peakItems, peakBytes } = this.gate;
    const batches = this.#one ? this.#items : this.#batches;
    return { items: this.#items, batches, peakQueuedItems: peakItems, peakQueuedBytes: peakBytes };
  }

  close(): void {
    this.#isOver = true;
    this.#queue.clear();
    this.gate.dispose();
    this.caller.dispose();
  }

  #counted(result: unknown, items: number, bytes: number): Promise<void> | undefined {
    if (isPromise(result)) return Promise.resolve(result).then(() => this.#written(items, bytes));
    this.#written(items, bytes);
    return undefined;
  }

  #written(items: number, bytes: number): void {
    this.#items += items;
    if (!this.#isOver) this.gate.leave(bytes, items);
  }
}
