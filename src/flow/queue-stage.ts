import type { Subscriber } from 'rxjs';
import type { Gate } from './gate.ts';
import type { Producer } from './producer.ts';
import { Queue } from './queue.ts';
import type { GatedObserver } from './scope.ts';
import { bytesOf, type SizeOf, safeSize } from './size-of.ts';
import { openStage, type StageOptions } from './stage.ts';
import { isTurnOver, nextTurn } from './turn.ts';

/** Says that the first value of the queue has to wait, by calling `go` back later; `undefined`: it may go now. */
export type Pace<T> = (value: T, bytes: number) => ((go: () => void) => void) | undefined;

/** Options of a {@link QueueStage}. */
export interface QueueStageOptions<T> extends StageOptions {
  readonly sizeOf?: SizeOf<T> | undefined;
  /** When the first value may go. @defaultValue as soon as the gates are open */
  readonly pace?: Pace<T> | undefined;
  /** Called for each value that has left the stage. */
  readonly onLeave?: (() => void) | undefined;
}

/** A stage that holds values in a queue and lets them go in order, as the gates behind it and its pace allow. */
export class QueueStage<T> implements GatedObserver<T> {
  readonly gate: Gate;
  readonly queue: Queue<T> = new Queue();
  readonly sizeOf: SizeOf<T>;
  readonly #producer: Producer<T>;
  readonly #subscriber: Subscriber<T>;
  readonly #pace: Pace<T> | undefined;
  readonly #onLeave: (() => void) | undefined;
  #isRunning = false;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(subscriber: Subscriber<T>, options: QueueStageOptions<T>) {
    const { gate, producer } = openStage(subscriber, { ...options, busy: () => this.queue.length > 0 });
    this.gate = gate;
    this.#producer = producer;
    this.#subscriber = subscriber;
    this.#pace = options.pace;
    this.#onLeave = options.onLeave;
    this.sizeOf = safeSize(options.sizeOf ?? bytesOf);
    subscriber.add(() => this.queue.clear());
  }

  next(value: T): void {
    if (!this.#isRunning && this.#pace === undefined && this.#producer.isOpen) {
      this.gate.pass();
      this.#producer.nextCut(value);
      this.#onLeave?.();
      return;
    }
    const bytes = this.sizeOf(value);
    this.queue.push(value, bytes);
    this.gate.enter(bytes);
    if (!this.#isRunning) this.#run();
  }

  error(error: unknown): void {
    this.#failure = { error };
    this.complete();
  }

  complete(): void {
    this.#isOver = true;
    if (!this.#isRunning) this.#run();
  }

  readonly #run = (): void => {
    this.#isRunning = true;
    while (this.queue.length > 0) {
      if (this.#subscriber.closed) return;
      if (!this.#producer.isOpen) return this.#producer.whenOpen(this.#run);
      const wait = this.#pace?.(this.queue.first, this.queue.firstBytes);
      if (wait !== undefined) return wait(this.#run);
      const bytes = this.queue.firstBytes;
      const value = this.queue.shift();
      this.gate.leave(bytes);
      this.#producer.nextCut(value);
      this.#onLeave?.();
      if (isTurnOver()) return nextTurn(this.#run);
    }
    if (this.#isOver) this.#finish();
    else this.#isRunning = false;
  };

  #finish(): void {
    if (this.#failure !== undefined) this.#subscriber.error(this.#failure.error);
    else if (this.#producer.isOpen || this.#subscriber.closed) this.#subscriber.complete();
    else this.#producer.whenOpen(this.#run);
  }
}
