import { positiveInteger } from '../options.ts';

/** Values over a time of any length in bounded memory: whenever there are too many, every second one is dropped. */
export class Thinned<T> {
  readonly #maxCount: number;
  #values: T[] = [];
  #step = 1;
  #skipped = 0;

  constructor(maxCount: number) {
    this.#maxCount = positiveInteger('maxCount', maxCount);
  }

  /** One of so many pushed values is kept by now. */
  get step(): number {
    return this.#step;
  }

  push(value: T): void {
    if (++this.#skipped < this.#step) return;
    this.#skipped = 0;
    this.#values.push(value);
    if (this.#values.length <= this.#maxCount) return;
    this.#values = this.#values.filter((_, index) => index % 2 === 0);
    this.#step *= 2;
  }

  /** In the order in which they came. */
  toArray(): T[] {
    return [...this.#values];
  }
}
