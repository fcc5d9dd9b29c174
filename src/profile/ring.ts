import { positiveInteger } from '../options.ts';

/** The last `capacity` values. */
export class Ring<T> {
  readonly #capacity: number;
  readonly #values: T[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = positiveInteger('capacity', capacity);
  }

  push(value: T): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** In the order in which they came. */
  toArray(): T[] {
    return this.#values.length < this.#capacity
      ? [...this.#values]
      : [...this.#values.slice(this.#next), ...this.#values.slice(0, this.#next)];
  }
}
