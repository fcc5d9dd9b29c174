import type pidusage from 'pidusage';

const EVERY_MS = 1000;

/**
 * Memory of other processes, such as ffmpeg: asked of the system by pidusage, at most once a second, since a question
 * costs up to 30 ms. A process that is not there any more counts 0.
 */
export class ChildRss {
  /** The sum at the last look. */
  rssBytes = 0;
  /** CPU use of all of them at the last look, in parts of one core. */
  cpuRatio = 0;
  #askedAtMs: number = Number.NEGATIVE_INFINITY;
  #isAsking = false;

  /** Begins a look, unless one is on its way or was made within the last second. */
  look(pids: readonly number[], nowMs: number): void {
    if (pids.length === 0) {
      this.rssBytes = this.cpuRatio = 0;
      return;
    }
    if (this.#isAsking || nowMs - this.#askedAtMs < EVERY_MS) return;
    this.#isAsking = true;
    this.#askedAtMs = nowMs;
    void this.#ask(pids).finally(() => {
      this.#isAsking = false;
    });
  }

  async #ask(pids: readonly number[]): Promise<void> {
    const { default: usage } = await import('pidusage');
    // One by one: asked for together, one that has ended spoils the answer for all.
    const found = await Promise.all(pids.map((pid) => statOf(usage, pid)));
    this.rssBytes = found.reduce((sum, stat) => sum + (stat?.memory ?? 0), 0);
    this.cpuRatio = found.reduce((sum, stat) => sum + (stat?.cpu ?? 0), 0) / 100;
  }
}

async function statOf(usage: typeof pidusage, pid: number): Promise<pidusage.Status | undefined> {
  try {
    return await usage(pid);
  } catch {
    return undefined; // it has ended
  }
}
