import type { Barrier, Emitter } from './emission.ts';
import { warn } from './warn.ts';

/** What stands still, and what each waits for. */
export interface StallReport {
  /** How long nothing has moved. */
  readonly idleMs: number;
  /** One line per waiting emitter: `'dicom a.dcm waits for mergeMap 4/4 items, which waits for sink 16/16 items'`. */
  readonly lines: readonly string[];
}

let moves = 0;
let afterMs = 30_000;
let tell: (report: StallReport) => void = warnOfStall;
let timer: NodeJS.Timeout | undefined;
let movesSeen = 0;
let idleSince = 0;
let isTold = false;

const live = new Set<Emitter>();

/** Something left a gate: the process is not standing still. */
export function noteMove(): void {
  moves++;
}

/** `emitter` takes part in the wait graph until {@link retire}. */
export function enlist(emitter: Emitter): void {
  live.add(emitter);
}

/** `emitter` has ended. The clock stops with the last one. */
export function retire(emitter: Emitter): void {
  live.delete(emitter);
  if (live.size === 0 && timer !== undefined) {
    clearInterval(timer);
    timer = undefined;
  }
}

/** How many emitters have not ended: 0 when all pipelines are through. For tests and leak checks. */
export function liveEmitterCount(): number {
  return live.size;
}

/**
 * Says after how long without any movement, while somebody waits, a stall is reported, and to whom.
 * Default: after 30 s, as a process warning with the code `TIDEGATE_STALL`. A stall is reported once until
 * something moves again. `afterMs: Infinity` turns it off.
 */
export function onStall(options: { readonly afterMs?: number; readonly report?: (report: StallReport) => void }): void {
  afterMs = options.afterMs ?? 30_000;
  tell = options.report ?? warnOfStall;
  if (timer !== undefined) clearInterval(timer);
  timer = undefined;
  startStallClock();
}

/** Somebody waits: from now on stalls are looked for. */
export function startStallClock(): void {
  if (timer !== undefined || live.size === 0 || afterMs === Number.POSITIVE_INFINITY) return;
  movesSeen = moves;
  idleSince = performance.now();
  isTold = false;
  timer = setInterval(look, Math.max(1, afterMs / 4));
  timer.unref();
}

/** The wait graph of this moment: who waits for what. Empty when nobody waits. */
export function waitGraph(): string[] {
  const counts = new Map<string, number>();
  for (const emitter of live) {
    if (emitter.inlets.length > 0 || shutBarrier(emitter) === undefined) continue;
    const line = describe(emitter);
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => (count === 1 ? line : `${line} (${count} of them)`));
}

function look(): void {
  const now = performance.now();
  if (moves !== movesSeen) {
    movesSeen = moves;
    idleSince = now;
    isTold = false;
    return;
  }
  if (isTold || now - idleSince < afterMs) return;
  const lines = waitGraph();
  if (lines.length === 0) {
    idleSince = now;
    return;
  }
  isTold = true;
  tell({ idleMs: Math.round(now - idleSince), lines });
}

function shutBarrier(emitter: Emitter): Barrier | undefined {
  return emitter.barriers.find((barrier) => !barrier.isOpen);
}

function describe(emitter: Emitter): string {
  let text = emitter.label;
  const seen = new Set<Emitter>();
  for (let at: Emitter | undefined = emitter; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const barrier = shutBarrier(at);
    if (barrier === undefined) break;
    text += `${seen.size > 1 ? ', which waits for' : ' waits for'} ${barrier.label} ${barrier.fill}`;
    at = barrier.carrier;
  }
  return text;
}

function warnOfStall(report: StallReport): void {
  const shown = report.lines.slice(0, 20);
  const rest = report.lines.length - shown.length;
  const more = rest > 0 ? [`and ${rest} more`] : [];
  warn('TIDEGATE_STALL', [`Nothing has moved for ${report.idleMs} ms:`, ...shown, ...more].join('\n  '));
}
