/**
 * What it costs to wait: items through source, map, filter, map and sum, in tidegate and in its rivals, per item;
 * what mapAsync adds; and whether the heap stays flat under a million inner sources and a slow sink.
 *
 *     node build/bench/flow.js [rounds]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ENGINES } from './flow/engines.ts';

const SELF = fileURLToPath(import.meta.url);
const BATCHES = [1, 64, 1024];
/** Items per run: enough for CPU time to be read, few enough for the slow ones to end. */
const COUNT = 3_000_000;
const SLOW_COUNT = 100_000;
const SLOW = new Set(['Node Readable.map and filter', 'IxJS', 'highland', 'Web streams', 'Effect Stream']);
const MAP_ASYNC = [
  'tidegate without mapAsync',
  'tidegate mapAsync, asynchronous function',
  'tidegate mapAsync, synchronous function',
];

const [mode, name, batch] = process.argv.slice(2);
if (mode === 'run') await measure(name!, Number(batch));
else if (mode === 'inner') await inner(Number(name));
else compare(Number(mode ?? 5));

/** In a process of its own: warms up, then prints nanoseconds of CPU per item. */
async function measure(engine: string, batchSize: number): Promise<void> {
  const run = ENGINES[engine]!;
  const count = SLOW.has(engine) ? SLOW_COUNT : COUNT;
  await run(count / 4, batchSize);
  const start = process.cpuUsage();
  await run(count, batchSize);
  const { user, system } = process.cpuUsage(start);
  console.log(((user + system) * 1000) / count);
}

/** In a process of its own: one-item sources under a sink that waits; prints the most that survived a collection. */
async function inner(count: number): Promise<void> {
  const { drain, fromPull } = await import('../src/flow/index.ts');
  const { mergeMap } = await import('../src/operators/index.ts');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let peak = 0;
  let seen = 0;
  const outer = fromPull(function* () {
    for (let i = 0; i < count; i++) yield i;
  });
  await drain(outer.pipe(mergeMap((i) => fromPull(() => [i]), 4)), async () => {
    if (++seen % (count / 10) === 0) {
      collect();
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    }
    await null;
  });
  console.log(peak);
}

function compare(rounds: number): void {
  const names = Object.keys(ENGINES).filter((engine) => !MAP_ASYNC.includes(engine));
  for (const size of BATCHES) {
    const table = interleaved(names, size, rounds);
    const raw = table.get(names[0]!)!;
    console.log(`\n${size} item${size === 1 ? '' : 's'} a batch: ns of CPU per item, and the ratio to the first`);
    for (const engine of names) print(engine, table.get(engine)!, raw);
    const [ours, node] = [table.get('tidegate')!, table.get('Node stream.pipeline')!];
    console.log(`  tidegate to Node stream.pipeline: ${(ours / node).toFixed(2)}x`);
  }
  const table = interleaved(MAP_ASYNC, 1, rounds);
  console.log('\nmapAsync: ns of CPU per item');
  for (const engine of MAP_ASYNC) print(engine, table.get(engine)!, table.get(MAP_ASYNC[0]!)!);
  const heaps = [200_000, 1_000_000].map((count) => child('inner', String(count)));
  console.log(
    `\n200,000 and 1,000,000 one-item sources under a slow sink: heap after collections at most ${heaps.map(mebibytes).join(' and ')}`,
  );
}

/** The median of all rounds, in which the engines take turns. */
function interleaved(names: readonly string[], size: number, rounds: number): Map<string, number> {
  const costs = new Map(names.map((engine) => [engine, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const engine of names) costs.get(engine)!.push(child('run', engine, String(size)));
  }
  return new Map([...costs].map(([engine, values]) => [engine, values.sort((a, b) => a - b)[values.length >> 1]!]));
}

function child(...args: string[]): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, [SELF, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return Number(stdout);
}

function print(engine: string, cost: number, first: number): void {
  console.log(`  ${engine.padEnd(46)} ${cost.toFixed(0).padStart(7)} ${`${(cost / first).toFixed(2)}x`.padStart(9)}`);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
