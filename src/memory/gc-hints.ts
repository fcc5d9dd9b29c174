import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MiB } from '../units.ts';

type Collect = (options?: { readonly type: 'minor'; readonly execution: 'sync' }) => unknown;

/** What hints did so far in this isolate. */
export interface GcHintCounts {
  readonly minor: number;
  readonly major: number;
  /** Time that they took. */
  readonly elapsedMs: number;
  /** Foreign memory that was gone after them. */
  readonly reclaimedBytes: number;
}

/** Growth of foreign Buffers that is worth a minor collection: measured, less costs more than it gives. */
const MINOR_BYTES: number = 8 * MiB;
/** Hints take no more of the time than this, over the life of the process, unless the caller says more. */
const TIME_SHARE = 0.05;
/** What may be spent before that share has built up. */
const ADVANCE_MS = 250;
const MAJOR_EVERY_MS = 2000;
/** A hint that brings back less of the growth is futile; after three of them in a row fewer are given. */
const FUTILE_RATIO = 0.25;
const MAX_BACKOFF = 64;

let collect: Collect | undefined | null = null;

/** `gc` without a flag on the command line: a context that is made after the flag is set has it. */
function collector(): Collect | undefined {
  if (collect !== null) return collect;
  try {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect | undefined;
  } catch {
    collect = undefined;
  }
  return collect;
}

let minor = 0;
let major = 0;
let elapsedMs = 0;
let reclaimedBytes = 0;
let floorBytes = 0;
let futileCount = 0;
let backoff = 1;
let last: { readonly atBytes: number; readonly growthBytes: number } | undefined;
let lastMajorMs = 0;
let nextMajorAtMs = 0;
let pauses = 0;

/**
 * Between two items: collects young garbage if foreign Buffers have grown by 8 MiB since the last time. `true` if it
 * did. Costs 15 us if there is nothing to do. Hints in all take no more than `maxTimeRatio` of the life of the process.
 */
export function hintMinor(maxTimeRatio: number = TIME_SHARE): boolean {
  if (pauses > 0) return false;
  const { arrayBuffers } = process.memoryUsage();
  noteFall(arrayBuffers);
  const growthBytes = arrayBuffers - floorBytes;
  if (growthBytes < MINOR_BYTES * backoff) return false;
  judge(arrayBuffers);
  if (growthBytes < MINOR_BYTES * backoff || !run('minor', maxTimeRatio)) return false;
  minor++;
  floorBytes = process.memoryUsage().arrayBuffers;
  reclaimedBytes += Math.max(0, arrayBuffers - floorBytes);
  last = { atBytes: arrayBuffers, growthBytes };
  return true;
}

/** What V8 freed since the last look: behind a hint it is to the credit of that. */
function noteFall(arrayBuffers: number): void {
  if (arrayBuffers >= floorBytes) return;
  if (last !== undefined) reclaimedBytes += floorBytes - arrayBuffers;
  floorBytes = arrayBuffers;
}

/**
 * What the last hint brought back. Told now that as much has come again, not at once: V8 frees Buffers on a thread of
 * its own, on a busy machine much later.
 */
function judge(arrayBuffers: number): void {
  if (last === undefined) return;
  const isFutile = arrayBuffers > last.atBytes + last.growthBytes * (1 - FUTILE_RATIO);
  futileCount = isFutile ? futileCount + 1 : 0;
  if (futileCount === 0) backoff = 1;
  else if (futileCount >= 3) backoff = Math.min(MAX_BACKOFF, backoff * 2);
  last = undefined;
}

/** When memory is critical: collects everything, at most every 2 s and 20 times the cost of the last. `true` if it did. */
export function hintMajor(): boolean {
  const nowMs = performance.now();
  if (pauses > 0 || nowMs < nextMajorAtMs) return false;
  const { arrayBuffers } = process.memoryUsage();
  if (!run('major', TIME_SHARE)) return false;
  major++;
  nextMajorAtMs = performance.now() + Math.max(MAJOR_EVERY_MS, 20 * lastMajorMs);
  floorBytes = process.memoryUsage().arrayBuffers;
  reclaimedBytes += Math.max(0, arrayBuffers - floorBytes);
  return true;
}

/** Collects everything now, as a measurement needs it, within `maxTimeRatio` of the time. `true` if it did. */
export function collectNow(maxTimeRatio: number): boolean {
  if (pauses > 0 || !run('major', maxTimeRatio)) return false;
  major++;
  floorBytes = process.memoryUsage().arrayBuffers;
  return true;
}

/** `false` where there is no way to collect, and while hints have had their share of the time. */
function run(type: 'minor' | 'major', maxTimeRatio: number): boolean {
  const gc = collector();
  const beganMs = performance.now();
  if (gc === undefined || elapsedMs > ADVANCE_MS + maxTimeRatio * beganMs) return false;
  const before = process.cpuUsage();
  // Without options it is precise. On Node 20 `{ type: 'major' }` leaves garbage: 24 bytes for each number made text.
  if (type === 'major') gc();
  else gc({ type, execution: 'sync' });
  const { user, system } = process.cpuUsage(before);
  // On a busy machine a collection waits more than it works; beside busy threads they work more than it takes.
  const tookMs = Math.min(performance.now() - beganMs, (user + system) / 1000);
  if (type === 'major') lastMajorMs = tookMs;
  elapsedMs += tookMs;
  return true;
}

/** Calls `critical`, and waits for it if it is asynchronous, without any hint meanwhile. */
export function withoutHints<R>(critical: () => R): R {
  pauses++;
  let result: R;
  try {
    result = critical();
  } catch (error) {
    pauses--;
    throw error;
  }
  if (result instanceof Promise) return result.finally(() => pauses--) as R;
  pauses--;
  return result;
}

/** What hints did so far. */
export function gcHintCounts(): GcHintCounts {
  noteFall(process.memoryUsage().arrayBuffers);
  return { minor, major, elapsedMs, reclaimedBytes };
}
