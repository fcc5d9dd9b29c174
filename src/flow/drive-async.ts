import { type DriveJob, discardFrom } from './drive-sync.ts';
import { isTurnOver, turn } from './turn.ts';

const BURST = 64;

/** Pulls from an asynchronous iterator while there is room; one value ahead, held until the gates are open. */
export class AsyncDrive<T> {
  readonly #iterator: AsyncIterator<T | readonly T[]>;
  readonly #job: DriveJob<T>;
  #isStopped = false;
  #isOver = false;
  #hasPermit = false;
  #cancelValve: (() => void) | undefined;

  constructor(iterator: AsyncIterator<T | readonly T[]>, job: DriveJob<T>) {
    this.#iterator = iterator;
    this.#job = job;
  }

  /** Goes on to the end. */
  run(): void {
    this.#loop().catch((error: unknown) => {
      this.#isOver = true;
      if (this.#isStopped) this.#job.fail(error);
      else this.#job.subscriber.error(error);
    });
  }

  /** The subscriber has left: a pull that is pending is not waited for. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancelValve?.();
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      const returned = this.#iterator.return?.();
      if (returned !== undefined) Promise.resolve(returned).catch((error: unknown) => this.#job.fail(error));
    } catch (error) {
      this.#job.fail(error);
    }
  }

  async #loop(): Promise<void> {
    const { producer, subscriber, flatten } = this.#job;
    while (!this.#isStopped) {
      if (!this.#mayEmit()) await this.#room();
      if (this.#isStopped) return;
      const result = await this.#iterator.next();
      if (this.#isStopped) return this.#discard(result);
      if (result.done) break;
      const later = flatten ? this.#emitAll(result.value as readonly T[], 0) : this.#emitOne(result.value as T);
      if (later !== undefined) await later;
      if (isTurnOver()) await turn();
    }
    this.#isOver = true;
    while (!producer.isOpen && !subscriber.closed) await producer.ready();
    subscriber.complete();
  }

  /** Emits at once where there is room: then there is no promise to wait for. */
  #emitOne(value: T): Promise<void> | undefined {
    if (!this.#mayEmit()) return this.#emitLater(value);
    this.#hasPermit = false;
    this.#job.producer.next(value);
    return undefined;
  }

  async #emitLater(value: T): Promise<void> {
    await this.#room();
    if (this.#isStopped) return this.#job.discard(value);
    this.#hasPermit = false;
    this.#job.producer.next(value);
  }

  /** The subscriber left while the pull was pending. */
  #discard({ value, done }: IteratorResult<T | readonly T[]>): void {
    if (done) return;
    if (this.#job.flatten) discardFrom(value as readonly T[], 0, this.#job);
    else this.#job.discard(value as T);
  }

  /** Emits at once as long as there is room, and time: then there is no promise to wait for. */
  #emitAll(values: readonly T[], index: number): Promise<void> | undefined {
    const { producer } = this.#job;
    while (index < values.length) {
      if (!this.#mayEmit()) return this.#emitRest(values, index);
      const start = index;
      index = producer.burst(values, start, producer.valve === undefined ? BURST : 1);
      this.#hasPermit = false;
      if (this.#isStopped) return void discardFrom(values, index, this.#job);
      if (isTurnOver(index - start)) return this.#emitRest(values, index);
    }
    return undefined;
  }

  async #emitRest(values: readonly T[], index: number): Promise<void> {
    if (this.#mayEmit()) await turn();
    else await this.#room();
    if (this.#isStopped) discardFrom(values, index, this.#job);
    else await this.#emitAll(values, index);
  }

  #mayEmit(): boolean {
    const { producer } = this.#job;
    return producer.isOpen && (this.#hasPermit || !producer.valve?.isShut);
  }

  async #room(): Promise<void> {
    const { producer } = this.#job;
    while (!this.#isStopped && !this.#mayEmit()) {
      if (!producer.isOpen) await producer.ready();
      else await this.#permit();
    }
  }

  #permit(): Promise<void> {
    return new Promise((resolve) => {
      this.#cancelValve = this.#job.producer.valve!.whenOpen(() => {
        this.#hasPermit = true;
        resolve();
      });
    });
  }
}
