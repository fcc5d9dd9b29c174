import { type Observable, Subscription } from 'rxjs';
import { isPromise } from '../bytes/input.ts';
import { asTidegateError, TidegateError } from '../errors.ts';
import { oneOf } from '../options.ts';
import { Gate } from './gate.ts';
import { Producer } from './producer.ts';
import { Queue } from './queue.ts';
import { RunMemory } from './run-memory.ts';
import { type GatedObserver, subscribeGated } from './scope.ts';
import type { Sink, SinkReport } from './sink.ts';
import type { SinkRunOptions } from './sink-options.ts';
import { bytesOf, type SizeOf, safeSize } from './size-of.ts';
import { isTurnOver, turn } from './turn.ts';
import { drivenSink } from './unit-sink.ts';
import { warnOfLateError } from './warn.ts';

const FUNCTION_MARK = 16;
const BATCH_MARK = 1024;
const DEFAULT_BYTES = 16 * 1024 * 1024;

/** One run of a source into a sink: the queue and gate before it, and its life from `start` to `close` or `abort`. */
export class SinkRun<T> implements GatedObserver<T> {
  /** Settles when the sink has closed or aborted. */
  readonly ended: Promise<SinkReport>;
  readonly #sink: Sink<T>;
  readonly #one: ((value: T) => unknown) | undefined;
  readonly #gate: Gate;
  readonly #caller: Producer<never>;
  readonly #queue: Queue<T> = new Queue();
  readonly #sizeOf: SizeOf<T>;
  readonly #drainOnError: boolean;
  readonly #upstream: Subscription = new Subscription();
  readonly #controller: AbortController = new AbortController();
  readonly #memory: RunMemory;
  #settle!: { resolve: (report: SinkReport) => void; reject: (error: unknown) => void };
  #items = 0;
  #batches = 0;
  #isBusy = false;
  #isUpstreamOver = false;
  #isFinished = false;
  #sourceError: { readonly error: unknown } | undefined;

  constructor(sink: Sink<T> | ((value: T) => unknown), options: SinkRunOptions<T>) {
    const label = options.label ?? 'sink';
    this.#one = typeof sink === 'function' ? sink : undefined;
    this.#sink = typeof sink === 'function' ? { write: () => {} } : drivenSink(sink);
    if (typeof this.#sink?.write !== 'function') {
      throw new TidegateError('ERR_OPTION', 'Cannot write to this sink: it is no function and has no method write');
    }
    const marks = { ...options, highWaterBytes: options.highWaterBytes ?? DEFAULT_BYTES };
    this.#gate = new Gate(label, marks, this.#one ? FUNCTION_MARK : BATCH_MARK);
    this.#gate.held = () => this.#sink.bufferedBytes ?? 0;
    this.#memory = new RunMemory(this.#gate, options.valve);
    this.#caller = new Producer<never>(label);
    this.#caller.inlets = [this.#gate];
    this.#caller.busy = () => this.#isBusy;
    this.#gate.carrier = this.#caller;
    this.#sizeOf = safeSize(options.sizeOf ?? bytesOf);
    this.#drainOnError = oneOf('onError', options.onError ?? 'drain', ['drain', 'discard']) === 'drain';
    this.ended = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  /** Starts the sink, then takes what `source` gives. */
  subscribe(source: Observable<T>): void {
    try {
      const started = this.#sink.start?.({ signal: this.#controller.signal, fail: (error) => this.#fail(error) });
      if (isPromise(started)) this.#hold(started);
    } catch (error) {
      this.#fail(error);
      return;
    }
    subscribeGated(source, this.#gate, this, this.#upstream);
  }

  /** Leaves the source and aborts the sink; {@link ended} is rejected with `reason`. */
  cancel(reason: unknown): void {
    this.#fail(reason);
  }

  next(value: T): void {
    if (this.#isFinished) return;
    this.#memory.count();
    // Who is not busy has an empty queue.
    if (this.#one !== undefined && !this.#isBusy && this.#caller.isOpen) {
      this.#callNow(this.#one, value);
      return;
    }
    const bytes = this.#sizeOf(value);
    this.#queue.push(value, bytes);
    this.#gate.enter(bytes);
    this.#wake();
  }

  error(error: unknown): void {
    this.#sourceError = { error };
    if (!this.#drainOnError) {
      this.#gate.leave(this.#queue.bytes, this.#queue.length);
      this.#queue.clear();
    }
    this.complete();
  }

  complete(): void {
    this.#isUpstreamOver = true;
    if (!this.#isBusy) this.#wake();
  }

  /** A function that answers at once never makes the source wait, and its value is never queued. */
  #callNow(one: (value: T) => unknown, value: T): void {
    this.#isBusy = true;
    try {
      const result = this.#caller.call(one, value);
      if (isPromise(result)) {
        const bytes = this.#sizeOf(value);
        this.#gate.enter(bytes);
        this.#hold(result, () => this.#written(1, bytes));
        return;
      }
      this.#items++;
      this.#gate.pass();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#isBusy = false;
    if (this.#queue.length > 0 || this.#isUpstreamOver) this.#wake();
  }

  /** Busy until `pending` settles; then goes on with what has come in since. */
  #hold(pending: PromiseLike<unknown>, settled = NOTHING): void {
    this.#isBusy = true;
    pending.then(
      () => {
        if (this.#isFinished) return;
        settled();
        void this.#pump();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #wake(): void {
    if (this.#isBusy || this.#isFinished) return;
    this.#isBusy = true;
    // On a microtask: a burst of the source becomes one batch.
    queueMicrotask(() => void this.#pump());
  }

  async #pump(): Promise<void> {
    this.#isBusy = true;
    try {
      while (this.#queue.length > 0 && !this.#isFinished) {
        while (!this.#caller.isOpen) await this.#caller.ready();
        if (this.#isFinished) return;
        const pending = this.#one === undefined ? this.#writeAll() : this.#writeOne(this.#one);
        if (pending !== undefined) await pending;
        if (isTurnOver()) await turn();
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#isBusy = false;
    if (this.#isUpstreamOver && !this.#isFinished) await this.#finish();
  }

  #writeOne(one: (value: T) => unknown): Promise<void> | undefined {
    const bytes = this.#queue.firstBytes;
    const result = this.#caller.call(one, this.#queue.shift());
    if (isPromise(result)) return Promise.resolve(result).then(() => this.#written(1, bytes));
    this.#written(1, bytes);
    return undefined;
  }

  #writeAll(): Promise<void> | undefined {
    const bytes = this.#queue.bytes;
    const batch = this.#queue.takeAll();
    this.#batches++;
    const result = this.#caller.call((values: readonly T[]) => this.#sink.write(values), batch);
    if (isPromise(result)) return Promise.resolve(result).then(() => this.#written(batch.length, bytes));
    this.#written(batch.length, bytes);
    return undefined;
  }

  #written(items: number, bytes: number): void {
    this.#items += items;
    if (!this.#isFinished) this.#gate.leave(bytes, items);
  }

  async #finish(): Promise<void> {
    if (this.#sourceError !== undefined) {
      this.#fail(this.#sourceError.error);
      return;
    }
    this.#isFinished = true;
    try {
      await this.#sink.close?.();
    } catch (error) {
      this.#isFinished = false;
      this.#fail(error);
      return;
    }
    this.#release();
    this.#settle.resolve({
      items: this.#items,
      batches: this.#one === undefined ? this.#batches : this.#items,
      peakQueuedItems: this.#gate.peakItems,
      peakQueuedBytes: this.#gate.peakBytes,
      ...this.#memory.report(),
    });
  }

  #fail(error: unknown): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#controller.abort(error);
    this.#release();
    Promise.resolve()
      .then(() => this.#sink.abort?.(error))
      .catch((abortError: unknown) => warnOfLateError('abort of the sink', asTidegateError(abortError, 'ERR_SINK')))
      .then(() => this.#settle.reject(error));
  }

  #release(): void {
    this.#memory.close();
    this.#queue.clear();
    this.#gate.dispose();
    this.#caller.dispose();
    this.#upstream.unsubscribe();
  }
}

const NOTHING = (): void => {};
