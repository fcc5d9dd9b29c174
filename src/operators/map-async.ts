import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { Gate } from '../flow/gate.ts';
import type { Producer } from '../flow/producer.ts';
import { Queue } from '../flow/queue.ts';
import { type GatedObserver, subscribeGated } from '../flow/scope.ts';
import { bytesOf, type SizeOf, safeSize } from '../flow/size-of.ts';
import { openStage } from '../flow/stage.ts';
import { underPressure } from '../memory/pressure.ts';
import { functionOf, nonNegativeInteger, positiveInteger } from '../options.ts';

/** Called for each value. `signal` is aborted when the subscriber leaves or another call has failed. */
export type AsyncProject<T, R> = (value: T, index: number, signal: AbortSignal) => R | PromiseLike<R>;

/** Options for {@link mapAsync}. */
export interface MapAsyncOptions<T> {
  /** Calls that may be pending at once; half as many while memory is short, a quarter when critical. @defaultValue 16 */
  readonly concurrency?: number | undefined;
  /** Results in the order of their values; `false`: as they come. @defaultValue true */
  readonly ordered?: boolean | undefined;
  /** Values held ready beyond those whose call is pending. @defaultValue 0 */
  readonly prefetch?: number | undefined;
  /** Bytes held before the source has to wait. @defaultValue Infinity */
  readonly highWaterBytes?: number | undefined;
  /** Bytes of a value. @defaultValue length of buffers and strings, else 0 */
  readonly sizeOf?: SizeOf<T> | undefined;
}

/**
 * Maps each value through a function that may be asynchronous, a bounded number of calls at once. A function that
 * answers at once costs no promise.
 *
 * - Emits: one result per value, in order unless `ordered: false`.
 * - Waits: the source waits while `concurrency + prefetch` values are in hand; calls wait for gates behind.
 * - Holds: `concurrency + prefetch` values or their results.
 * - Fails: with what the function throws: in its place if `ordered`, else at once. An error of the source comes
 *   behind the results of the values before it.
 *
 * @example
 * ```ts
 * from(['a.fits', 'b.fits']).pipe(mapAsync((file) => stat(file), { concurrency: 4 })).subscribe(console.log);
 * ```
 */
export function mapAsync<T, R>(
  project: AsyncProject<T, R>,
  options: MapAsyncOptions<T> = {},
): OperatorFunction<T, Awaited<R>> {
  functionOf('project', project);
  const concurrency = positiveInteger('concurrency', options.concurrency ?? 16);
  const mark = concurrency + nonNegativeInteger('prefetch', options.prefetch ?? 0);
  return (source) =>
    new Observable((subscriber) => {
      const map = new Mapping<T, R>(subscriber, project, concurrency, mark, options);
      subscribeGated(source, map.gate, map, subscriber);
    });
}

interface Slot<R> {
  readonly bytes: number;
  isDone: boolean;
  isFailed: boolean;
  result: Awaited<R> | undefined;
  error: unknown;
}

class Mapping<T, R> implements GatedObserver<T> {
  readonly gate: Gate;
  readonly #producer: Producer<Awaited<R>>;
  readonly #subscriber: Subscriber<Awaited<R>>;
  readonly #call: (value: T) => R | PromiseLike<R>;
  readonly #concurrency: number;
  readonly #ordered: boolean;
  readonly #sizeOf: SizeOf<T>;
  /** Values whose call has not begun. */
  readonly #waiting: Queue<T> = new Queue();
  /** Begun and not emitted: in the order of the values, or of their ends if not `ordered`. */
  readonly #slots: Queue<Slot<R>> = new Queue();
  #pendingCount = 0;
  #isCalling = false;
  #isAwaitingGate = false;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    subscriber: Subscriber<Awaited<R>>,
    project: AsyncProject<T, R>,
    concurrency: number,
    mark: number,
    options: MapAsyncOptions<T>,
  ) {
    const busy = () => this.#pendingCount > 0 || this.#slots.length > 0 || this.#waiting.length > 0;
    const marks = { highWaterMark: mark, lowWaterMark: mark - 1, highWaterBytes: options.highWaterBytes };
    const stage = openStage<Awaited<R>>(subscriber, { ...marks, label: 'mapAsync', defaultMark: mark, busy });
    this.gate = stage.gate;
    this.#producer = stage.producer;
    this.#subscriber = subscriber;
    this.#concurrency = concurrency;
    this.#ordered = options.ordered ?? true;
    this.#sizeOf = safeSize(options.sizeOf ?? bytesOf);
    const controller = new AbortController();
    let index = 0;
    this.#call = (value) => project(value, index++, controller.signal);
    subscriber.add(() => {
      controller.abort();
      this.#waiting.clear();
      this.#slots.clear();
    });
  }

  next(value: T): void {
    if (!this.#isCalling && this.#slots.length === 0 && this.#pendingCount === 0 && this.#producer.isOpen) {
      this.#callNow(value);
      return;
    }
    const bytes = this.#sizeOf(value);
    this.#waiting.push(value, bytes);
    this.gate.enter(bytes);
    this.#start();
  }

  error(error: unknown): void {
    this.#failure = { error };
    this.complete();
  }

  complete(): void {
    this.#isOver = true;
    this.#flush();
  }

  /** Nothing before it is pending: a result that is there at once goes straight on. */
  #callNow(value: T): void {
    let result: R | PromiseLike<R>;
    this.#isCalling = true;
    try {
      result = this.#producer.call(this.#call, value);
    } catch (error) {
      this.#subscriber.error(error);
      return;
    } finally {
      this.#isCalling = false;
    }
    if (isThenable(result)) {
      const bytes = this.#sizeOf(value);
      this.gate.enter(bytes);
      this.#await(result, bytes);
    } else {
      this.gate.pass();
      this.#producer.nextCut(result as Awaited<R>);
    }
    if (this.#waiting.length > 0) this.#start();
  }

  #start(): void {
    while (this.#waiting.length > 0 && this.#pendingCount < underPressure(this.#concurrency) && !this.#isCalling) {
      const bytes = this.#waiting.firstBytes;
      const value = this.#waiting.shift();
      this.#isCalling = true;
      try {
        const result = this.#producer.call(this.#call, value);
        if (isThenable(result)) this.#await(result, bytes);
        else this.#slots.push({ ...emptySlot<R>(bytes), isDone: true, result: result as Awaited<R> }, 0);
      } catch (error) {
        this.#slots.push({ ...emptySlot<R>(bytes), isDone: true, isFailed: true, error }, 0);
      } finally {
        this.#isCalling = false;
      }
    }
    this.#flush();
  }

  #await(pending: PromiseLike<R>, bytes: number): void {
    const slot = emptySlot<R>(bytes);
    this.#pendingCount++;
    if (this.#ordered) this.#slots.push(slot, 0);
    const settle = () => {
      slot.isDone = true;
      this.#pendingCount--;
      if (!this.#ordered) this.#slots.push(slot, 0);
      if (this.#waiting.length > 0) this.#start();
      else this.#flush();
    };
    pending.then(
      (result) => {
        slot.result = result as Awaited<R>;
        settle();
      },
      (error: unknown) => {
        slot.isFailed = true;
        slot.error = error;
        settle();
      },
    );
  }

  /** Emits what is due, while there is room behind. */
  #flush(): void {
    while (this.#slots.length > 0 && this.#slots.first.isDone && !this.#subscriber.closed) {
      if (!this.#producer.isOpen) return this.#awaitGate();
      const slot = this.#slots.shift();
      if (slot.isFailed) return this.#subscriber.error(slot.error);
      this.gate.leave(slot.bytes);
      this.#producer.nextCut(slot.result as Awaited<R>);
    }
    if (this.#isOver && this.#slots.length === 0 && this.#waiting.length === 0 && this.#pendingCount === 0) {
      if (this.#failure !== undefined) this.#subscriber.error(this.#failure.error);
      else if (this.#producer.isOpen) this.#subscriber.complete();
      else this.#awaitGate();
    }
  }

  #awaitGate(): void {
    if (this.#isAwaitingGate) return;
    this.#isAwaitingGate = true;
    this.#producer.whenOpen(() => {
      this.#isAwaitingGate = false;
      this.#flush();
    });
  }
}

function emptySlot<R>(bytes: number): Slot<R> {
  return { bytes, isDone: false, isFailed: false, result: undefined, error: undefined };
}

function isThenable<R>(value: R | PromiseLike<R>): value is PromiseLike<R> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<R>).then === 'function';
}
