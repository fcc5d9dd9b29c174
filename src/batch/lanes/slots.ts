import { underPressure } from '../../memory/pressure.ts';

/**
 * So many at once, and fewer while memory is short: half under high pressure, a quarter when it is critical, one at
 * least. First come, first served.
 */
export class Slots {
  readonly #count: number;
  readonly #waiting: Set<() => void> = new Set();
  #taken = 0;

  constructor(count: number) {
    this.#count = count;
  }

  /** Whether whoever comes now gets one at once. */
  get isFree(): boolean {
    return this.#waiting.size === 0 && this.#taken < underPressure(this.#count);
  }

  /** Waits for a slot. Fails with the reason of `signal`. Caller leaves. */
  enter(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const onAbort = () => {
        this.#waiting.delete(grant);
        reject(signal.reason);
      };
      const grant = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(grant);
      this.#serve();
    });
  }

  leave(): void {
    this.#taken--;
    this.#serve();
  }

  #serve(): void {
    for (const grant of this.#waiting) {
      if (this.#taken >= underPressure(this.#count)) return;
      this.#waiting.delete(grant);
      this.#taken++;
      grant();
    }
  }
}
