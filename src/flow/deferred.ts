/** A promise that is settled from outside. */
export class Deferred {
  readonly promise: Promise<void>;
  resolve!: () => void;
  reject!: (reason: unknown) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Met by whoever waits for it; alone it must not count as unhandled.
    this.promise.catch(() => {});
  }
}
