import type { MemoryReport, Slowdown } from '../memory/memory-report.ts';
import { Ring } from './ring.ts';

const KEPT_COUNT = 100;

interface Open {
  readonly atMs: number;
  readonly reason: Slowdown['reason'];
  detail: string;
  readonly actions: Set<Slowdown['actions'][number]>;
}

/** When a run was held back, why, and what was done: the last 100 times, and the time of all. */
export class Slowdowns {
  readonly #startedAtMs: number = performance.now();
  readonly #ended: Ring<Slowdown> = new Ring(KEPT_COUNT);
  #open: Open | undefined;
  #waitedMs = 0;

  /** Memory is short, for `reason`. One that goes on for another reason is another one. */
  begin(reason: Slowdown['reason'], detail: () => string, nowMs: number): void {
    if (this.#open?.reason === reason) return;
    this.end(nowMs);
    this.#open = { atMs: nowMs - this.#startedAtMs, reason, detail: detail(), actions: new Set(['waited']) };
  }

  /** Something was done about the present one. */
  did(action: Slowdown['actions'][number]): void {
    this.#open?.actions.add(action);
  }

  /** The present one ends though memory is still short, which `finding` says. */
  resume(finding: string, nowMs: number): void {
    if (this.#open === undefined) return;
    this.#open.detail += `, ${finding}`;
    this.did('resumed');
    this.end(nowMs);
  }

  /** Memory is not short any more. */
  end(nowMs: number): void {
    if (this.#open === undefined) return;
    const slowdown = this.#closed(this.#open, nowMs);
    this.#open = undefined;
    this.#waitedMs += slowdown.durationMs;
    this.#ended.push(slowdown);
  }

  report(nowMs: number): Pick<MemoryReport, 'waitedMs' | 'slowdowns'> {
    const slowdowns = this.#ended.toArray();
    if (this.#open === undefined) return { waitedMs: this.#waitedMs, slowdowns };
    const open = this.#closed(this.#open, nowMs);
    return { waitedMs: this.#waitedMs + open.durationMs, slowdowns: [...slowdowns, open].slice(-KEPT_COUNT) };
  }

  #closed({ atMs, reason, detail, actions }: Open, nowMs: number): Slowdown {
    return { atMs, durationMs: nowMs - this.#startedAtMs - atMs, reason, detail, actions: [...actions] };
  }
}
