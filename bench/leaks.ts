// Does the leak detector find leaks, and only leaks? Workloads on real heaps, 40 runs of each with other numbers, each in
// a process of its own: what is left behind forced collections. `fresh` are workloads by which nothing was designed.
// node build/bench/leaks.js [runs] [fresh|known]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LeakWatch } from '../src/profile/leak-watch.ts';
import { random } from '../test/support/random.ts';
import * as fresh from './leaks/fresh.ts';
import * as known from './leaks/known.ts';
import { ITEMS } from './leaks/workload.ts';

const FLOORS = 96;
const SETS = { fresh, known } as const;
type SetName = keyof typeof SETS;

async function runOne(set: SetName, name: string, seed: number): Promise<void> {
  const make = SETS[set].healthy[name] ?? SETS[set].leaking[name]!;
  const work = make(random(seed * 7919 + name.length));
  const watch = new LeakWatch({ everyItems: ITEMS / FLOORS, maxTimeRatio: 1 });
  watch.start();
  for (let index = 0; index < ITEMS; index++) {
    const pending = work(index);
    if (pending !== undefined) await pending;
    watch.count();
  }
  const { isSuspected, bytesPerItem } = watch.stop();
  await work(ITEMS); // alive until here
  console.log(JSON.stringify({ isSuspected, bytesPerItem }));
}

function countSuspected(set: SetName, name: string, runs: number): number {
  let suspected = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const args = [fileURLToPath(import.meta.url), 'one', set, name, String(seed)];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 });
    if ((JSON.parse(stdout) as { isSuspected: boolean }).isSuspected) suspected++;
  }
  return suspected;
}

function tryAll(set: SetName, what: 'healthy' | 'leaking', runs: number): void {
  const names = Object.keys(SETS[set][what]);
  let sum = 0;
  for (const name of names) {
    const suspected = countSuspected(set, name, runs);
    sum += suspected;
    console.log(`${set}, ${what}: ${name.padEnd(44)} ${suspected} of ${runs} suspected`);
  }
  const share = (100 * sum) / (runs * names.length);
  console.log(`${set}, ${what}: all together ${share.toFixed(1)} % suspected`);
}

const args = process.argv.slice(2);
if (args[0] === 'one') await runOne(args[1] as SetName, args[2]!, Number(args[3]));
else {
  const runs = Number(args[0] ?? 40);
  console.log(`Node ${process.versions.node}, ${runs} runs of each, ${FLOORS} collections a run`);
  for (const set of args[1] === undefined ? (['fresh', 'known'] as const) : [args[1] as SetName]) {
    tryAll(set, 'healthy', runs);
    tryAll(set, 'leaking', runs);
  }
}
