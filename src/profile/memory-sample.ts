import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { cgroupMemory } from '../memory/cgroup-memory.ts';
import type { PressureLevel } from '../memory/pressure.ts';
import type { GpuSample } from './gpu-memory.ts';

/** What memory looked like at one moment. All sizes are in bytes. */
export interface MemorySample {
  /** Since the monitor began, in ms. */
  readonly atMs: number;
  readonly level: PressureLevel;
  readonly rssBytes: number;
  /** RSS of the processes that are watched besides this one. */
  readonly childRssBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
  readonly arrayBuffersBytes: number;
  /** What the system could still give. */
  readonly availableBytes: number;
  /** The limit that counts: the user's, else the control group's, else the memory of the machine. */
  readonly limitBytes: number;
  /** Out of the budget; 0 without one. */
  readonly budgetUsedBytes: number;
  /** The longest time by which the event loop was late since the last sample. */
  readonly eventLoopDelayMs: number;
  /** The most that is used of any limit: RSS with children, the heap of V8, the control group, a card that we use. */
  readonly usedRatio: number;
  /** Graphics cards; `undefined` unless `isWatchingGpu`, and where there are none. */
  readonly gpu: GpuSample | undefined;
}

/** The limit of this process if nobody says otherwise. */
export function systemLimitBytes(): number {
  return Math.min(totalmem(), cgroupMemory()?.limitBytes ?? Number.POSITIVE_INFINITY);
}

/** What is used of the heap that V8 may grow to, and of the control group. */
export function outerRatio(): number {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  const group = cgroupMemory();
  return Math.max(used_heap_size / heap_size_limit, group === undefined ? 0 : group.usedBytes / group.limitBytes);
}

/** What is used of the memory of graphics cards, if some of it is ours: then it is our limit too. */
export function gpuRatio(gpu: GpuSample | undefined): number {
  return gpu === undefined || gpu.ownBytes === 0 ? 0 : gpu.usedBytes / gpu.totalBytes;
}

/**
 * Pressure stall information: tasks waited for memory in more than 10 % of the last 10 s. `false` where there is none.
 * `root` is the folder in which /proc is.
 */
export function isStalling(root = '/'): boolean {
  try {
    const text = readFileSync(join(root, 'proc/pressure/memory'), 'latin1');
    return Number(/^some avg10=([\d.]+)/.exec(text)?.[1]) > 10;
  } catch {
    return false;
  }
}
