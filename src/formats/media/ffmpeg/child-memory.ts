import type { ProcessOptions } from './process-options.ts';

const INTERVAL_MS = 1000;
/** A decoder has most of its memory by then. */
const FIRST_MS = 100;

/** Tells the resident memory of a process soon after it starts and then once a second, until stopped or it is gone. */
export class ChildMemory {
  readonly #onBytes: (bytes: number) => void;
  readonly #timers: NodeJS.Timeout[];
  #isStopped = false;

  constructor(pid: number | undefined, onBytes: (bytes: number) => void) {
    this.#onBytes = onBytes;
    const look = (): void => {
      if (pid !== undefined) this.#look(pid);
    };
    this.#timers = [setTimeout(look, FIRST_MS).unref(), setInterval(look, INTERVAL_MS).unref()];
  }

  /** Ends it; the last that is told is 0. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#onBytes(0);
  }

  #look(pid: number): void {
    residentBytes(pid).then(
      (bytes) => {
        if (!this.#isStopped) this.#onBytes(bytes);
      },
      () => this.stop(), // ESRCH: it is gone
    );
  }
}

/** Counts a child in the budget and tells of it, where either is asked for. */
export function watchMemory(
  pid: number | undefined,
  { budget, onRssBytes }: Pick<ProcessOptions, 'budget' | 'onRssBytes'>,
): ChildMemory | undefined {
  if (!budget && !onRssBytes) return undefined;
  const gauge = budget?.gauge('ffmpeg');
  return new ChildMemory(pid, (bytes) => {
    gauge?.set(bytes);
    onRssBytes?.(bytes);
  });
}

async function residentBytes(pid: number): Promise<number> {
  const { default: pidusage } = await import('pidusage');
  return (await pidusage(pid)).memory;
}
