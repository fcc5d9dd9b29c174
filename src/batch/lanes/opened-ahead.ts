import type { Input } from '../../bytes/input.ts';

/** An input that is being opened before its turn has come. Whoever takes it closes it. */
export class OpenedAhead {
  readonly #input: Promise<Input>;
  #isTaken = false;

  constructor(input: Promise<Input>) {
    this.#input = input;
    input.catch(() => {}); // told to whoever takes it
  }

  /** Fails with the reason of `signal` when it is aborted; then the input is closed as soon as it is open. */
  take(signal: AbortSignal): Promise<Input> {
    this.#isTaken = true;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        reject(signal.reason);
        this.#close();
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#input.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  /** Closes what nobody has taken. */
  drop(): void {
    if (!this.#isTaken) this.#close();
    this.#isTaken = true;
  }

  #close(): void {
    this.#input.then((input) => input.close()).catch(() => {}); // nobody can be told
  }
}
