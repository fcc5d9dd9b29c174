import type { Slowdown } from './memory-report.ts';

/** What is done under pressure: fewer calls or files at once, smaller chunks. */
export type PressureAction = 'lowered' | 'shrunk';

interface Episode {
  readonly level: string;
  readonly beganMs: number;
  endedMs: number;
  readonly actions: Set<PressureAction>;
}

const KEPT_COUNT = 100;
const episodes: Episode[] = [];
let open: Episode | undefined;

/** The pressure on this process is `level` from now on. Only `high` and `critical` are times of their own. */
export function notePressure(level: string): void {
  if (open?.level === level) return;
  const nowMs = performance.now();
  if (open !== undefined) open.endedMs = nowMs;
  open = undefined;
  if (level !== 'high' && level !== 'critical') return;
  open = { level, beganMs: nowMs, endedMs: Number.POSITIVE_INFINITY, actions: new Set() };
  episodes.push(open);
  if (episodes.length > KEPT_COUNT) episodes.shift();
}

/** Somebody did something about it. */
export function didUnderPressure(action: PressureAction): void {
  open?.actions.add(action);
}

/** The times since `startMs` in which something was done about pressure, as a run that began then reports them. */
export function pressureSlowdowns(startMs: number): Slowdown[] {
  const nowMs = performance.now();
  const slowdowns: Slowdown[] = [];
  for (const { level, beganMs, endedMs, actions } of episodes) {
    if (endedMs <= startMs || actions.size === 0) continue;
    const atMs = Math.max(0, beganMs - startMs);
    const durationMs = Math.min(nowMs, endedMs) - startMs - atMs;
    slowdowns.push({ atMs, durationMs, reason: 'pressure', detail: `level ${level}`, actions: [...actions] });
  }
  return slowdowns;
}
