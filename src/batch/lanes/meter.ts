import type { Input } from '../../bytes/input.ts';

/** Bytes that a run has read, those of the files under way included. */
export class Meter {
  readonly #open = new Set<Input>();
  #closedBytes = 0;
  #latest = '';

  /** Counts an input from now on. */
  open(input: Input): void {
    this.#open.add(input);
    this.#latest = input.name;
  }

  /** Keeps the count of an input that is closed. */
  close(input: Input): void {
    if (this.#open.delete(input)) this.#closedBytes += input.bytesRead;
  }

  get bytesRead(): number {
    let bytes = this.#closedBytes;
    for (const input of this.#open) bytes += input.bytesRead;
    return bytes;
  }

  /** Name of the input opened last. */
  get latest(): string {
    return this.#latest;
  }
}
