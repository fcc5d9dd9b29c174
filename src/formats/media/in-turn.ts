/** Opens a part of a sequence: a generator, further parts in its place, or nothing. */
export type Part<T> = () => Opened<T> | Promise<Opened<T>>;

type Opened<T> = AsyncGenerator<T, void, void> | readonly Part<T>[] | undefined;

/**
 * Gives what the parts give, one after the other. A generator around them would do the same with `yield*`, but each
 * of those costs every batch some promises, and V8 the compilation of all the generators that stand around the
 * innermost one (bench/video.ts). `close` is called once, at the end, after an error, and when the reader is left.
 */
export function inTurn<T>(parts: readonly Part<T>[], close?: () => void): AsyncGenerator<T, void, void> {
  return new Sequence(parts, close);
}

class Sequence<T> implements AsyncGenerator<T, void, void> {
  #parts: readonly Part<T>[];
  #current: AsyncGenerator<T, void, void> | undefined;
  #close: (() => void) | undefined;
  /** The step that was asked for last: steps do not overlap, however they are asked for. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #step = (): Promise<IteratorResult<T, void>> => this.#next();

  constructor(parts: readonly Part<T>[], close: (() => void) | undefined) {
    this.#parts = parts;
    this.#close = close;
  }

  next(): Promise<IteratorResult<T, void>> {
    const step = this.#last.then(this.#step, this.#step);
    this.#last = step;
    return step;
  }

  return(): Promise<IteratorResult<T, void>> {
    const left = this.#last.then(
      () => this.#leave(),
      () => this.#leave(),
    );
    this.#last = left;
    return left;
  }

  async throw(error: unknown): Promise<IteratorResult<T, void>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    return this;
  }

  async #next(): Promise<IteratorResult<T, void>> {
    try {
      for (;;) {
        const result = await this.#current?.next();
        if (result && !result.done) return result;
        if (!(await this.#open())) break;
      }
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#end();
    return { done: true, value: undefined };
  }

  /** Opens the next part; `false` if there is none. */
  async #open(): Promise<boolean> {
    this.#current = undefined;
    const [part, ...rest] = this.#parts;
    this.#parts = rest;
    const opened = await part?.();
    if (opened && 'next' in opened) this.#current = opened;
    else if (opened) this.#parts = [...opened, ...rest];
    return part !== undefined;
  }

  async #leave(): Promise<IteratorResult<T, void>> {
    const current = this.#current;
    this.#parts = [];
    this.#current = undefined;
    try {
      await current?.return();
    } finally {
      this.#end();
    }
    return { done: true, value: undefined };
  }

  #end(): void {
    this.#parts = [];
    this.#current = undefined;
    const close = this.#close;
    this.#close = undefined;
    close?.();
  }
}
