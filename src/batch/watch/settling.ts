import { type Stats, statSync } from 'node:fs';

/** A file that may be under way still. */
interface Unsettled {
  readonly sizeBytes: number;
  readonly changedMs: number;
  /** When it was first seen so. */
  readonly sinceMs: number;
}

/**
 * Waits until files are complete: until neither size nor time of change has changed for `stableMs`. One that has not
 * changed for so long when it is first seen is complete at once. One timer for all of them, none while there are none.
 */
export class Settling {
  readonly #stableMs: number;
  readonly #settled: (path: string) => void;
  readonly #files = new Map<string, Unsettled>();
  #timer: NodeJS.Timeout | undefined;

  constructor(stableMs: number, settled: (path: string) => void) {
    this.#stableMs = stableMs;
    this.#settled = settled;
  }

  /** It is there, or has changed. */
  see(path: string): void {
    this.#look(path);
    if (this.#files.size > 0) this.#timer ??= setInterval(() => this.#lookAtAll(), this.#pollMs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#files.clear();
  }

  get #pollMs(): number {
    return Math.max(10, Math.min(250, this.#stableMs / 4));
  }

  #lookAtAll(): void {
    for (const path of [...this.#files.keys()]) this.#look(path);
    if (this.#files.size === 0) this.close();
  }

  #look(path: string): void {
    const stat = statOf(path);
    // Gone again, or replaced by something else.
    if (!stat?.isFile()) return void this.#files.delete(path);
    const nowMs = Date.now();
    // The time of change of its inode goes on with every write and rename, and nobody can set it.
    const changedMs = Math.max(stat.mtimeMs, stat.ctimeMs);
    const known = this.#files.get(path);
    const isSame = known !== undefined && known.sizeBytes === stat.size && known.changedMs === changedMs;
    const sinceMs = isSame ? known.sinceMs : known === undefined ? Math.min(changedMs, nowMs) : nowMs;
    if (nowMs - sinceMs >= this.#stableMs) {
      this.#files.delete(path);
      this.#settled(path);
    } else if (!isSame) this.#files.set(path, { sizeBytes: stat.size, changedMs, sinceMs });
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A folder on its way may not be entered any more: nothing arrives from there.
    return undefined;
  }
}
