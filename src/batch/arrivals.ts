/** What comes in from several sides, in the order of its arrival, for one reader. Whoever fills it keeps it bounded. */
export class Arrivals<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #isEnded = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(value: T): void {
    this.#waiting.push(value);
    this.#wakeReader();
  }

  /** The reader gets what is there, then the end. */
  end(): void {
    this.#isEnded = true;
    this.#wakeReader();
  }

  /** The reader gets what is there, then the error. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      if (this.#waiting.length > 0) {
        yield this.#waiting.shift()!;
      } else if (this.#isEnded) {
        if (this.#failure) throw this.#failure.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
