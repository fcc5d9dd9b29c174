// Claim: tuning the collector pays. A window of 1,000 against one of 50,000 objects in flight; foreign Buffers of 10 MB
// with and without hints.
// node build/bench/gc.js [rounds]
import { hintMinor } from '../src/memory/gc-hints.ts';
import { cpuOf, medianOf, peakOf, printClaim, runRounds } from './support/rounds.ts';

const OBJECT_COUNT = 3_000_000;
const BUFFER_COUNT = 1000;
const BUFFER_BYTES = 10_000_000;

/** Records that go through a window: each leaves when so many have come after it. */
function windowOf(size: number): void {
  const ring = new Array<object | undefined>(size);
  let sum = 0;
  for (let index = 0; index < OBJECT_COUNT; index++) {
    const oldest = ring[index % size] as { path: string } | undefined;
    if (oldest !== undefined) sum += oldest.path.length;
    ring[index % size] = { path: `file-${index}`, tags: [index, index + 1], value: { index, text: `value ${index}` } };
  }
  if (sum === 0) throw new Error('nothing came through');
}

/** What a decoder does that makes its own Buffers, with a live heap of 10 MB around it. */
function churn(maxTimeRatio: number): void {
  const live = Array.from({ length: 60_000 }, (_, index) => ({ index, text: `item ${index}`, list: [index] }));
  for (let count = 0; count < BUFFER_COUNT; count++) {
    const bytes = Buffer.alloc(BUFFER_BYTES, count);
    if (bytes[count] !== count % 256) throw new Error('not what was written');
    if (maxTimeRatio > 0) hintMinor(maxTimeRatio);
  }
  if (live.length === 0) throw new Error('nothing is alive');
}

const jobs: Record<string, () => void> = {
  narrow: () => windowOf(1000),
  wide: () => windowOf(50_000),
  'no hints': () => churn(0),
  hints: () => churn(0.05),
  'more hints': () => churn(0.5),
};

async function main(count: number): Promise<void> {
  const ways = Object.fromEntries(Object.keys(jobs).map((name) => [name, [name]]));
  const rounds = await runRounds(new URL(import.meta.url), ways, count);
  console.log(`Node ${process.versions.node}, ${count} rounds`);
  const ofWide = (figure: typeof cpuOf) => medianOf(rounds, 'narrow', figure, 'wide');
  printClaim('CPU of 1,000 in flight against 50,000', ofWide(cpuOf), '<=', 0.75);
  printClaim('peak RSS of 1,000 in flight against 50,000', ofWide(peakOf), '<=', 0.6);
  for (const [name, share] of [
    ['hints', '5 %'],
    ['more hints', '50 %'],
  ] as const) {
    const ofPlain = (figure: typeof cpuOf) => medianOf(rounds, name, figure, 'no hints');
    printClaim(`CPU of 10 MB buffers, hints in up to ${share} of the time, against none`, ofPlain(cpuOf), '<=', 0.7);
    printClaim(`peak RSS of the same`, ofPlain(peakOf), '<=', 0.6);
  }
}

const [job] = process.argv.slice(2);
if (job !== undefined && job in jobs) jobs[job]!();
else await main(Number(job ?? 5));
