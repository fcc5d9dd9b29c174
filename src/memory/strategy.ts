import { freemem } from 'node:os';
import { TidegateError } from '../errors.ts';
import { oneOf, positiveInteger } from '../options.ts';
import { KiB, MiB } from '../units.ts';
import { BufferPool, sharedPool } from './buffer-pool.ts';
import { cgroupMemory } from './cgroup-memory.ts';

/** How much memory may be spent on speed. */
export type StrategyName = 'aggressive' | 'balanced' | 'conservative';

/**
 * What a strategy comes to, for readers, pools, queues and workers. One of your own: `{ ...STRATEGIES.balanced,
 * chunkBytes: MiB }`. Its marks are those of `drain(source, sink, strategy)`, `backpressure(strategy)` and others.
 */
export interface Strategy {
  readonly name: string;
  /** Bytes of one read. */
  readonly chunkBytes: number;
  /** Reads that a scan of a local file begins before they are asked for. */
  readonly readAheadCount: number;
  /** Memory that the pool keeps. */
  readonly poolBytes: number;
  /** Values in flight before a sink. */
  readonly highWaterMark: number;
  /** Bytes in flight before a sink. */
  readonly highWaterBytes: number;
  /** `maxYoungGenerationSizeMb` of a worker thread, which is what decides its RSS. */
  readonly youngGenerationMiB: number;
}

/** What an option `strategy` takes: a name, `auto` by the free memory and the size of the file, or one of your own. */
export type StrategyChoice = StrategyName | 'auto' | Strategy;

/** The three, by their names. */
export const STRATEGIES: Readonly<Record<StrategyName, Strategy>> = {
  // Beyond 1 MiB, and two reads in flight, nothing is gained on a local disk; a young generation of 48 MiB is what
  // Node 20 has by itself, and on Node 24 a quarter of that, at the same CPU.
  aggressive: {
    name: 'aggressive',
    chunkBytes: MiB,
    readAheadCount: 2,
    poolBytes: 128 * MiB,
    highWaterMark: 4096,
    highWaterBytes: 64 * MiB,
    youngGenerationMiB: 48,
  },
  balanced: {
    name: 'balanced',
    chunkBytes: 256 * KiB,
    readAheadCount: 1,
    poolBytes: 64 * MiB,
    highWaterMark: 1024,
    highWaterBytes: 16 * MiB,
    youngGenerationMiB: 24,
  },
  conservative: {
    name: 'conservative',
    chunkBytes: 64 * KiB,
    readAheadCount: 0,
    poolBytes: 8 * MiB,
    highWaterMark: 128,
    highWaterBytes: 2 * MiB,
    youngGenerationMiB: 12,
  },
};

/** Free bytes for each byte of the file above which, and below which, it is no longer `balanced`. */
const PLENTY = 3;
const SCARCE = 1;
/** A look at the system costs as much as a small file. */
const FRESH_MS = 100;

let seenBytes = 0;
let seenAtMs: number = Number.NEGATIVE_INFINITY;

/** What this process could still take: of the machine, and of its control group (without cached file pages). */
export function freeBytes(): number {
  const nowMs = performance.now();
  if (nowMs - seenAtMs > FRESH_MS) {
    seenAtMs = nowMs;
    const group = cgroupMemory();
    const ofGroup = group === undefined ? Number.POSITIVE_INFINITY : group.limitBytes - group.usedBytes;
    seenBytes = Math.max(0, Math.min(freemem(), ofGroup));
  }
  return seenBytes;
}

/** The strategy for a file: `aggressive` if over three times its size is free, `conservative` below its size. */
export function chooseStrategy(fileBytes: number, free: number = freeBytes()): Strategy {
  if (free > PLENTY * fileBytes) return STRATEGIES.aggressive;
  return free < SCARCE * fileBytes ? STRATEGIES.conservative : STRATEGIES.balanced;
}

/** What `choice` comes to for a file; of unknown size, `auto` is `balanced`. */
export function strategyOf(choice: StrategyChoice = 'balanced', fileBytes?: number): Strategy {
  if (typeof choice === 'object' && choice !== null) return checked(choice);
  oneOf<string>('strategy', choice, [...Object.keys(STRATEGIES), 'auto']);
  if (choice !== 'auto') return STRATEGIES[choice];
  return fileBytes === undefined ? STRATEGIES.balanced : chooseStrategy(fileBytes);
}

function checked(strategy: Strategy): Strategy {
  const { chunkBytes, poolBytes, highWaterMark, highWaterBytes, youngGenerationMiB, readAheadCount } = strategy;
  const sizes = { chunkBytes, poolBytes, highWaterMark, highWaterBytes, youngGenerationMiB };
  for (const [name, value] of Object.entries(sizes)) positiveInteger(`strategy.${name}`, value);
  if (Number.isSafeInteger(readAheadCount) && readAheadCount >= 0 && readAheadCount <= 16) return strategy;
  const message = `Cannot use option strategy.readAheadCount: expected 0 to 16, got ${readAheadCount}`;
  throw new TidegateError('ERR_OPTION', message, { option: 'strategy.readAheadCount' });
}

/** A pool for each size, whoever asks for it. */
const pools: Map<number, BufferPool> = new Map([[STRATEGIES.balanced.poolBytes, sharedPool]]);

/** The pool of all who read by a strategy with this `poolBytes`. */
export function poolOf({ poolBytes }: Strategy): BufferPool {
  let pool = pools.get(poolBytes);
  if (pool === undefined) {
    pool = new BufferPool({ maxBytes: poolBytes });
    pools.set(poolBytes, pool);
  }
  return pool;
}

/** Gives the idle memory of these pools back to the system. `true` if there was some. */
export function trimPools(): boolean {
  const idle = [...pools.values()].filter((pool) => pool.stats().currentlyAvailable > 0);
  for (const pool of idle) pool.trim();
  return idle.length > 0;
}
