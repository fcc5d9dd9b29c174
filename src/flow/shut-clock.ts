/** How long something was shut. */
export class ShutClock {
  #sumMs = 0;
  #sinceMs: number | undefined;

  /** In all, the present time included. */
  get totalMs(): number {
    return this.#sinceMs === undefined ? this.#sumMs : this.#sumMs + performance.now() - this.#sinceMs;
  }

  begin(): void {
    this.#sinceMs ??= performance.now();
  }

  end(): void {
    this.#sumMs = this.totalMs;
    this.#sinceMs = undefined;
  }
}
