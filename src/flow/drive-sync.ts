import type { Subscriber } from 'rxjs';
import type { Producer } from './producer.ts';
import { isTurnOver, nextTurn } from './turn.ts';

/** What a drive works with. */
export interface DriveJob<T> {
  readonly producer: Producer<T>;
  readonly subscriber: Subscriber<T>;
  readonly flatten: boolean;
  /** Told of each value that was pulled and can no longer be emitted. */
  readonly discard: (value: T) => void;
  /** Told of an error that comes after the end, when the subscriber cannot hear it any more. */
  readonly fail: (error: unknown) => void;
}

/** Items between two looks at the clock. */
const BURST = 64;
/** Items after which a synchronous source lets the others go on, however fast it is. */
const QUANTUM = 1024;

/** Pulls from a synchronous iterator while there is room. */
export class SyncDrive<T> {
  readonly #iterator: Iterator<T | readonly T[]>;
  readonly #job: DriveJob<T>;
  #batch: readonly T[] | undefined;
  #index = 0;
  #isPulling = false;
  #isStopped = false;
  /** The valve is shut, and yet this one item may pass. */
  #hasPermit = false;
  #cancelValve: (() => void) | undefined;

  constructor(iterator: Iterator<T | readonly T[]>, job: DriveJob<T>) {
    this.#iterator = iterator;
    this.#job = job;
  }

  /** Goes on until it has to wait, then comes back by itself. */
  readonly run = (): void => {
    const { producer, flatten } = this.#job;
    let quantum = QUANTUM;
    while (!this.#isStopped) {
      if (!producer.isOpen) return producer.whenOpen(this.run);
      if (producer.valve?.isShut && !this.#hasPermit) return this.#waitForValve();
      if (quantum <= 0) return nextTurn(this.run);
      let emitted = 1;
      if (this.#batch !== undefined) {
        emitted = this.#burst(producer.valve === undefined ? BURST : 1);
        this.#hasPermit = false;
      } else {
        const result = this.#pull();
        if (result === undefined) return;
        if (result.done) return this.#finish();
        if (flatten) this.#batch = result.value as readonly T[];
        else {
          this.#hasPermit = false;
          producer.next(result.value as T);
        }
      }
      quantum -= emitted;
      if (isTurnOver(emitted)) return nextTurn(this.run);
    }
  };

  /** The subscriber has left. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    discardFrom(this.#batch, this.#index, this.#job);
    this.#batch = undefined;
    this.#cancelValve?.();
    if (!this.#isPulling) this.#return();
  }

  #burst(max: number): number {
    const batch = this.#batch!;
    const start = this.#index;
    // Whoever leaves in the middle of the burst has got all up to the value at which it left.
    this.#index = batch.length;
    const next = this.#job.producer.burst(batch, start, max);
    const emitted = next - start;
    this.#index = next;
    if (this.#isStopped) discardFrom(batch, next, this.#job);
    else if (next >= batch.length) {
      this.#batch = undefined;
      this.#index = 0;
    }
    return emitted;
  }

  #pull(): IteratorResult<T | readonly T[]> | undefined {
    this.#isPulling = true;
    try {
      const result = this.#iterator.next();
      this.#isPulling = false;
      if (!this.#isStopped) return result;
      this.#return();
    } catch (error) {
      // An iterator that has thrown is over: there is nothing to return to.
      this.#isPulling = false;
      if (this.#isStopped) this.#job.fail(error);
      this.#isStopped = true;
      this.#job.subscriber.error(error);
    }
    return undefined;
  }

  readonly #finish = (): void => {
    const { producer, subscriber } = this.#job;
    this.#isStopped = true;
    if (producer.isOpen || subscriber.closed) subscriber.complete();
    else producer.whenOpen(this.#finish);
  };

  #waitForValve(): void {
    this.#cancelValve = this.#job.producer.valve!.whenOpen(() => {
      this.#hasPermit = true;
      this.run();
    });
  }

  #return(): void {
    try {
      this.#iterator.return?.();
    } catch (error) {
      this.#job.fail(error);
    }
  }
}

/** Tells `job` of the values from `index` on that nobody will get. */
export function discardFrom<T>(values: readonly T[] | undefined, index: number, job: DriveJob<T>): void {
  if (values === undefined) return;
  for (let i = index; i < values.length; i++) job.discard(values[i]!);
}
