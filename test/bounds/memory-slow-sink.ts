// Runs in a child process: a file much faster than its sink, under a budget, for some seconds. Prints what was in
// flight at most, and how RSS went.
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { drain } from '../../src/flow/drain.ts';
import { MemoryBudget } from '../../src/memory/memory-budget.ts';
import { ownRssBytes } from '../../src/memory/own-rss.ts';
import { limitMemory } from '../../src/operators/limit-memory.ts';
import { prefetch } from '../../src/operators/prefetch.ts';
import { fromFile } from '../../src/sources/from-file.ts';
import { KiB, MiB } from '../../src/units.ts';

const [path = '', seconds = '6'] = process.argv.slice(2);
// At the pace of the sink V8 needs minutes until it collects by itself, and what waits for that looks like a leak: each
// sample comes behind a collection.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

// What V8 compiles and learns on the first chunks is no leak, and at 50 chunks a second it would take two minutes.
const WARM_UP_CHUNKS = 6000;
const budget = new MemoryBudget(8 * MiB);
const samples: { atMs: number; rssBytes: number }[] = [];
const controller = new AbortController();
let clock: NodeJS.Timeout | undefined;

function beginWatch(): void {
  clock = setInterval(() => {
    collect();
    samples.push({ atMs: performance.now(), rssBytes: ownRssBytes() });
  }, 250);
  setTimeout(() => controller.abort(), Number(seconds) * 1000);
}

const chunks = fromFile(path, { budget, chunkBytes: 256 * KiB });
const limited = chunks.pipe(limitMemory({ budget, isCountingQueues: false }), prefetch(1000));
let bytes = 0;
let count = 0;
try {
  const slow = async (chunk: { bytes: Buffer; release(): void }) => {
    const isWarm = count++ >= WARM_UP_CHUNKS;
    if (isWarm && clock === undefined) beginWatch();
    if (isWarm) bytes += chunk.bytes.length;
    if (isWarm) await delay(20);
    else if (count % 4 === 0) await delay(0);
    chunk.release();
  };
  await drain(limited, slow, { signal: controller.signal, highWaterMark: 1000, highWaterBytes: 64 * MiB });
} catch (error) {
  if (!controller.signal.aborted) throw error;
}
clearInterval(clock);

/** Least squares, without the first quarter, in which the heap finds its size at the new pace. */
function slopeBytesPerMinute(): number {
  const late = samples.slice(samples.length >> 2);
  const meanMs = late.reduce((sum, { atMs }) => sum + atMs, 0) / late.length;
  const meanBytes = late.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / late.length;
  const across = late.reduce((sum, { atMs, rssBytes }) => sum + (atMs - meanMs) * (rssBytes - meanBytes), 0);
  return (60_000 * across) / late.reduce((sum, { atMs }) => sum + (atMs - meanMs) ** 2, 0);
}

const { peakBytes, passedAlone } = budget.snapshot();
console.log(
  JSON.stringify({
    bytes,
    peakBytes,
    passedAlone,
    slopeBytesPerMinute: slopeBytesPerMinute(),
  }),
);
