import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MiB } from '../units.ts';

/** Memory of the graphics cards, where `nvidia-smi` tells of it. */
export interface GpuSample {
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** What of it this process and those that are watched with it have: an ffmpeg that decodes there. */
  readonly ownBytes: number;
  /** How busy the busiest card is, 0 to 1. */
  readonly busyRatio: number;
}

const EVERY_MS = 1000;
const TIMEOUT_MS = 2000;
const CARDS = ['--query-gpu=memory.total,memory.used,utilization.gpu', '--format=csv,noheader,nounits'];
const PROCESSES = ['--query-compute-apps=pid,used_memory', '--format=csv,noheader,nounits'];

const ask = promisify(execFile);

/** Asks `nvidia-smi`, at most once a second; where there is none, once, and never again. Never an error. */
export class GpuMemory {
  /** As of the last look; `undefined` where there is no card, or nobody who tells. */
  sample: GpuSample | undefined;
  #askedAtMs: number = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #isAbsent = false;

  /** Begins a look, unless one is on its way or was made within the last second. */
  look(pids: readonly number[], nowMs: number): void {
    if (this.#isAbsent || this.#isAsking || nowMs - this.#askedAtMs < EVERY_MS) return;
    this.#isAsking = true;
    this.#askedAtMs = nowMs;
    void this.#ask(new Set([process.pid, ...pids])).finally(() => {
      this.#isAsking = false;
    });
  }

  async #ask(pids: ReadonlySet<number>): Promise<void> {
    try {
      const [cards, processes] = await Promise.all([rowsOf(CARDS), rowsOf(PROCESSES)]);
      const sum = (column: number) => cards.reduce((total, row) => total + (row[column] ?? 0), 0) * MiB;
      const own = processes.filter(([pid]) => pid !== undefined && pids.has(pid));
      const totalBytes = sum(0);
      if (totalBytes === 0) this.#isAbsent = true;
      else {
        const ownBytes = own.reduce((total, [, mebibytes = 0]) => total + mebibytes, 0) * MiB;
        const busyRatio = Math.max(...cards.map(([, , percent = 0]) => percent)) / 100;
        this.sample = { totalBytes, usedBytes: sum(1), ownBytes, busyRatio };
      }
    } catch {
      // not installed, no driver, or it hangs: there is nothing to be known here
      this.#isAbsent = true;
      this.sample = undefined;
    }
  }
}

/** Its lines as numbers; what a card does not tell (`[N/A]`) is 0. */
async function rowsOf(query: readonly string[]): Promise<number[][]> {
  const { stdout } = await ask('nvidia-smi', query, { timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => line.split(',').map((cell) => Number.parseFloat(cell) || 0));
}
