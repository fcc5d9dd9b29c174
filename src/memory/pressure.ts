import { didUnderPressure, notePressure, type PressureAction } from './pressure-log.ts';

/** How short memory is. */
export type PressureLevel = 'normal' | 'elevated' | 'high' | 'critical';

/** From the most to the least room. */
export const PRESSURE_LEVELS: readonly PressureLevel[] = ['normal', 'elevated', 'high', 'critical'];

/** Used parts of the limit at which each level begins. */
const ENTRIES: readonly number[] = [0, 0.6, 0.75, 0.88];
/** A level is left so far below its entry, else it would come and go with every collection. */
const MARGIN = 0.05;
/** And only after so long. */
const REST_MS = 500;

/** Turns used parts into levels: up at once, down one level at a time and only when it has lasted. */
export class PressureScale {
  #index = 0;
  #belowSinceMs: number | undefined;

  get level(): PressureLevel {
    return PRESSURE_LEVELS[this.#index]!;
  }

  /** `usedRatio` is what is used of the limit; `isStraining` raises what is not normal by one level. */
  update(usedRatio: number, isStraining: boolean, nowMs: number): PressureLevel {
    const raised = isStraining ? 1 : 0;
    let entered = ENTRIES.findLastIndex((entry) => usedRatio >= entry);
    if (entered > 0) entered = Math.min(entered + raised, ENTRIES.length - 1);
    if (entered >= this.#index) {
      this.#index = entered;
      this.#belowSinceMs = undefined;
    } else if (usedRatio >= ENTRIES[this.#index]! - MARGIN) this.#belowSinceMs = undefined;
    else if (this.#belowSinceMs === undefined) this.#belowSinceMs = nowMs;
    else if (nowMs - this.#belowSinceMs >= REST_MS) {
      this.#index--;
      this.#belowSinceMs = nowMs;
    }
    return this.level;
  }
}

const voices = new Map<object, PressureLevel>();
let present: PressureLevel = 'normal';
let shift = 0;

/** What `voice` says of this process; `undefined` when it says nothing any more. The worst that is said counts. */
export function saysPressure(voice: object, level: PressureLevel | undefined): void {
  if (level === undefined) voices.delete(voice);
  else voices.set(voice, level);
  let worst = 0;
  for (const each of voices.values()) worst = Math.max(worst, PRESSURE_LEVELS.indexOf(each));
  present = PRESSURE_LEVELS[worst]!;
  notePressure(present);
  shift = Math.max(0, worst - 1);
}

/** The pressure on this process, as its monitors see it; `normal` while there is none. */
export function presentPressure(): PressureLevel {
  return present;
}

/** Whether there is less than usual of what {@link underPressure} says. */
export function isUnderPressure(): boolean {
  return shift > 0;
}

/** What of `concurrency` is right now: half of it under high pressure, a quarter when it is critical, at least 1. */
export function underPressure(concurrency: number, action: PressureAction = 'lowered'): number {
  if (shift === 0) return concurrency;
  didUnderPressure(action);
  return Math.max(1, Math.floor(concurrency / (1 << shift)));
}
