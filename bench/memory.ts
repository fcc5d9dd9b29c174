// What it costs to get memory, touch each page of it, and give it back; and what a budget costs an item.
// node build/bench/memory.js [rounds]
import { BufferPool } from '../src/memory/buffer-pool.ts';
import { MemoryBudget } from '../src/memory/memory-budget.ts';
import { KiB, MiB } from '../src/units.ts';
import { compare } from './support/compare.ts';

const LIVE_COUNT = 4;

function touch(bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; offset += 4096) bytes[offset] = 1;
}

/** Keeps a few pieces alive, as a pipeline does. */
function churn<T>(count: number, take: () => T, give: (piece: T) => void): void {
  const live: T[] = [];
  for (let index = 0; index < count; index++) {
    live.push(take());
    if (live.length > LIVE_COUNT) give(live.shift()!);
  }
}

const jobs: Record<string, (bytes: number, count: number) => unknown> = {
  idle: () => {},
  allocUnsafeSlow: (bytes, count) => {
    const take = () => {
      const buffer = Buffer.allocUnsafeSlow(bytes);
      touch(buffer);
      return buffer;
    };
    churn(count, take, () => {});
  },
  pool: (bytes, count) => {
    const pool = new BufferPool();
    const take = () => {
      const lease = pool.acquire(bytes);
      touch(lease.bytes);
      return lease;
    };
    churn(count, take, (lease) => lease.release());
  },
  await: async (_, count) => {
    for (let index = 0; index < count; index++) await Promise.resolve();
  },
  budget: async (_, count) => {
    const budget = new MemoryBudget(MiB);
    for (let index = 0; index < count; index++) (await budget.acquire(KiB)).release();
  },
  tryAcquire: (_, count) => {
    const budget = new MemoryBudget(MiB);
    for (let index = 0; index < count; index++) budget.tryAcquire(KiB)?.release();
  },
};

async function main(rounds: number): Promise<void> {
  const script = new URL(import.meta.url);
  for (const [bytes, count] of [
    [64 * KiB, 200_000],
    [MiB, 20_000],
  ] as const) {
    const at = (job: string) => [job, String(bytes), String(count)];
    const variants = { allocUnsafeSlow: at('allocUnsafeSlow'), BufferPool: at('pool') };
    await compare(`${count} pieces of ${bytes / KiB} KiB, ${LIVE_COUNT} alive`, script, variants, 'BufferPool', rounds);
  }
  const at = (job: string) => [job, '0', '500000'];
  const budget = {
    'await of a promise': at('await'),
    'budget.acquire': at('budget'),
    'budget.tryAcquire': at('tryAcquire'),
  };
  await compare('500,000 leases of a budget that has room', script, budget, 'await of a promise', rounds);
}

const [job, bytes = '0', count = '0'] = process.argv.slice(2);
if (job !== undefined && job in jobs) await jobs[job]!(Number(bytes), Number(count));
else await main(Number(job ?? 5));
