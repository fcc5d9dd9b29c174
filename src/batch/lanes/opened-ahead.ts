import type { Input } from '../../bytes/input.ts';

/** An input that is being opened before its turn has come. Whoever takes it closes it. */
export class OpenedAhead {
  readonly #input: Promise<Input>;
  #isTaken = false;

  constructor(input: Promise<Input>) {
    this.#input = input;
    input.catch(() => {}); // told to whoever takes it
  }

  take(): Promise<Input> {
    this.#isTaken = true;
    return this.#input;
  }

  /** Closes what nobody has taken. */
  drop(): void {
    if (this.#isTaken) return;
    this.#isTaken = true;
    this.#input.then((input) => input.close()).catch(() => {}); // nobody can be told
  }
}
