/** First in, first out, with the bytes of each value beside it. Amortised O(1) at both ends. */
export class Queue<T> {
  #values: (T | undefined)[] = [];
  #sizes: number[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#values.length - this.#head;
  }

  /** Bytes of all values in the queue. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The first value. The queue must not be empty. */
  get first(): T {
    return this.#values[this.#head] as T;
  }

  /** Bytes of the first value; 0 when empty. */
  get firstBytes(): number {
    return this.#sizes[this.#head] ?? 0;
  }

  push(value: T, bytes: number): void {
    this.#values.push(value);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
  }

  /** Takes the first value. The queue must not be empty. */
  shift(): T {
    const value = this.#values[this.#head] as T;
    this.#bytes -= this.#sizes[this.#head]!;
    this.#values[this.#head++] = undefined;
    if (this.#head === this.#values.length) this.clear();
    else if (this.#head >= 1024 && this.#head * 2 >= this.#values.length) {
      this.#values.splice(0, this.#head);
      this.#sizes.splice(0, this.#head);
      this.#head = 0;
    }
    return value;
  }

  /** Takes all values. */
  takeAll(): T[] {
    const values = (this.#head === 0 ? this.#values : this.#values.slice(this.#head)) as T[];
    this.#values = [];
    this.clear();
    return values;
  }

  clear(): void {
    this.#values.length = 0;
    this.#sizes.length = 0;
    this.#head = 0;
    this.#bytes = 0;
  }
}
