// Claim: streaming needs less memory. Peak RSS (VmHWM) of a full scan against readFile and createReadStream.
// node build/bench/streaming.js [rounds]
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFile } from '../src/bytes/file-input.ts';
import { MiB } from '../src/units.ts';
import { medianOf, peakOf, printClaim, runRounds } from './support/rounds.ts';

/** Looks at a byte of each page, so that all three do the same with what they get. */
function look(bytes: Uint8Array): number {
  let sum = 0;
  for (let offset = 0; offset < bytes.length; offset += 4096) sum += bytes[offset]!;
  return sum;
}

const jobs: Record<string, (path: string) => Promise<void>> = {
  async readFile(path) {
    look(await readFile(path));
  },
  async createReadStream(path) {
    for await (const bytes of createReadStream(path)) look(bytes as Buffer);
  },
  async tidegate(path) {
    const input = openFile(path);
    for (let offset = 0, length = 1; length > 0; offset += length) {
      const chunk = await input.read(offset, MiB / 4);
      length = chunk.bytes.length;
      look(chunk.bytes);
      chunk.release();
    }
    await input.close();
  },
};

const REACH: readonly (readonly [mebibytes: number, ratio: number])[] = [
  [192, 0.25],
  [384, 0.15],
  [1024, 0.08],
];

async function main(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  const path = join(folder, 'large.bin');
  const peaks: number[] = [];
  console.log(`Node ${process.versions.node}, ${count} rounds: peak RSS of a full scan`);
  try {
    for (const [mebibytes, reach] of REACH) {
      writeFileSync(path, Buffer.alloc(mebibytes * MiB, 7));
      const ways = Object.fromEntries(Object.keys(jobs).map((name) => [name, [name, path]]));
      const rounds = await runRounds(new URL(import.meta.url), ways, count);
      peaks.push(medianOf(rounds, 'tidegate', peakOf));
      printClaim(`of readFile, ${mebibytes} MiB`, medianOf(rounds, 'tidegate', peakOf, 'readFile'), '<=', reach);
      const ofStream = medianOf(rounds, 'tidegate', peakOf, 'createReadStream');
      printClaim(`of createReadStream, ${mebibytes} MiB`, ofStream, '<=', 0.8);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  printClaim('MiB more for 1,024 than for 384 MiB', (peaks[2]! - peaks[1]!) / MiB, '<=', 4);
}

const [job, path = ''] = process.argv.slice(2);
if (job !== undefined && job in jobs) await jobs[job]!(path);
else await main(Number(job ?? 5));
