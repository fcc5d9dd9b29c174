const INTERVAL_MS = 1000;

/** Tells the resident memory of a process once a second, until stopped or the process is gone. */
export class ChildMemory {
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number | undefined, onRssBytes: (bytes: number) => void) {
    this.#timer = setInterval(() => {
      if (pid === undefined) return;
      measure(pid).then(
        (bytes) => onRssBytes(bytes),
        () => this.stop(), // ESRCH: it is gone
      );
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

async function measure(pid: number): Promise<number> {
  const { default: pidusage } = await import('pidusage');
  return (await pidusage(pid)).memory;
}
