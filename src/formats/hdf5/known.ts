/**
 * The values last asked for, by their keys: those of the latest `count` at least, twice as many at most. What is
 * found is kept on.
 */
export class Known<K, T> {
  readonly #count: number;
  #young = new Map<K, T>();
  #old = new Map<K, T>();

  constructor(count: number) {
    this.#count = count;
  }

  get(key: K): T | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: T): void {
    if (this.#young.size >= this.#count) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
