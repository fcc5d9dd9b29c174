import { type Observable, Subscription } from 'rxjs';
import { isPromise } from '../bytes/input.ts';
import { asTidegateError, TidegateError } from '../errors.ts';
import { oneOf } from '../options.ts';
import { RunMemory } from './run-memory.ts';
import { type GatedObserver, subscribeGated } from './scope.ts';
import type { Sink, SinkReport } from './sink.ts';
import { SinkInbox } from './sink-inbox.ts';
import type { SinkRunOptions } from './sink-options.ts';
import { isTurnOver, turn } from './turn.ts';
import { drivenSink } from './unit-sink.ts';
import { warnOfLateError } from './warn.ts';

/** One run of a source into a sink: what waits before it, and its life from `start` to `close` or `abort`. */
export class SinkRun<T> implements GatedObserver<T> {
  /** Settles when the sink has closed or aborted. */
  readonly ended: Promise<SinkReport>;
  readonly #sink: Sink<T>;
  readonly #one: ((value: T) => unknown) | undefined;
  readonly #inbox: SinkInbox<T>;
  readonly #drainOnError: boolean;
  readonly #upstream: Subscription = new Subscription();
  readonly #controller: AbortController = new AbortController();
  readonly #memory: RunMemory;
  #settle!: { resolve: (report: SinkReport) => void; reject: (error: unknown) => void };
  #isBusy = false;
  #isUpstreamOver = false;
  #isFinished = false;
  #sourceError: { readonly error: unknown } | undefined;

  constructor(sink: Sink<T> | ((value: T) => unknown), options: SinkRunOptions<T>) {
    this.#one = typeof sink === 'function' ? sink : undefined;
    this.#sink = typeof sink === 'function' ? { write: () => {} } : drivenSink(sink);
    if (typeof this.#sink?.write !== 'function') {
      throw new TidegateError('ERR_OPTION', 'Cannot write to this sink: it is no function and has no method write');
    }
    this.#inbox = new SinkInbox(this.#sink, this.#one, options, () => this.#isBusy);
    this.#memory = new RunMemory(this.#inbox.gate, options.valve);
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
    subscribeGated(source, this.#inbox.gate, this, this.#upstream);
  }

  /** Leaves the source and aborts the sink; {@link ended} is rejected with `reason`. */
  cancel(reason: unknown): void {
    this.#fail(reason);
  }

  next(value: T): void {
    if (this.#isFinished) return;
    this.#memory.count();
    // Who is not busy has an empty queue.
    if (this.#one !== undefined && !this.#isBusy && this.#inbox.caller.isOpen) {
      this.#callNow(this.#one, value);
      return;
    }
    this.#inbox.push(value);
    this.#wake();
  }

  error(error: unknown): void {
    this.#sourceError = { error };
    if (!this.#drainOnError) this.#inbox.discard();
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
      const pending = this.#inbox.pass(one, value);
      if (pending !== undefined) {
        this.#hold(pending);
        return;
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#isBusy = false;
    if (!this.#inbox.isEmpty || this.#isUpstreamOver) this.#wake();
  }

  /** Busy until `pending` settles; then goes on with what has come in since. */
  #hold(pending: PromiseLike<unknown>): void {
    this.#isBusy = true;
    pending.then(
      () => {
        if (!this.#isFinished) void this.#pump();
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
      while (!this.#inbox.isEmpty && !this.#isFinished) {
        while (!this.#inbox.caller.isOpen) await this.#inbox.caller.ready();
        if (this.#isFinished) return;
        const pending = this.#inbox.write();
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
    this.#settle.resolve({ ...this.#inbox.report(), ...this.#memory.report() });
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
    this.#inbox.close();
    this.#upstream.unsubscribe();
  }
}
