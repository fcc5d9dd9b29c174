/**
 * A sink for tests of backpressure: it stalls on its first value until it is released, and keeps all that it gets.
 *
 * - Emits: nothing.
 * - Waits: on the first value, until `release()`.
 * - Holds: every value.
 * - Fails: never.
 *
 * @example
 * ```ts
 * const sink = new StallingSink<number>();
 * const done = drain(countedSource('sync', 1000), sink.take, { highWaterMark: 16 });
 * sink.release();
 * console.log((await done).items, sink.values.length);
 * ```
 */
export class StallingSink<T> {
  readonly values: T[] = [];
  /** Lets everything come. */
  release!: () => void;
  readonly #stall: Promise<void>;

  constructor() {
    this.#stall = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  /** The function to give to `drain`. */
  readonly take = (value: T): void | Promise<void> => {
    this.values.push(value);
    return this.values.length === 1 ? this.#stall : undefined;
  };
}
