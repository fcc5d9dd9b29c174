import type { Subscriber } from 'rxjs';
import { isPromise } from '../bytes/input.ts';
import { underPressure } from '../memory/pressure.ts';
import type { Gate } from './gate.ts';
import type { Producer } from './producer.ts';
import { Queue } from './queue.ts';
import type { GatedObserver } from './scope.ts';
import { bytesOf, type SizeOf, safeSize } from './size-of.ts';
import { openStage } from './stage.ts';

type Project<T, R> = (value: T, index: number, signal: AbortSignal) => R | PromiseLike<R>;

interface MappingOptions<T> {
  readonly ordered?: boolean | undefined;
  readonly highWaterBytes?: number | undefined;
  readonly sizeOf?: SizeOf<T> | undefined;
}

interface Slot<R> {
  readonly bytes: number;
  isDone: boolean;
  isFailed: boolean;
  result: Awaited<R> | undefined;
  error: unknown;
}

/** The stage of mapAsync: values whose call has not begun, calls that are pending, results that are not emitted. */
export class MappingStage<T, R> implements GatedObserver<T> {
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
    project: Project<T, R>,
    concurrency: number,
    mark: number,
    options: MappingOptions<T>,
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
    if (isPromise(result)) {
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
        if (isPromise(result)) this.#await(result, bytes);
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
