// What does it cost, and give, to open the next inputs while others are read? Headers of local files, one after
// another and four at once; and of inputs that are 20 ms away.
// node build/bench/prefetch.js [rounds]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll } from '../src/batch/extract-all.ts';
import { drain } from '../src/flow/drain.ts';
import { STRATEGIES } from '../src/memory/strategy.ts';
import { smallFile } from '../test/formats/dicom/big-files.ts';
import { cpuOf, medianOf, runRounds } from './support/rounds.ts';

const FILE_COUNT = 2000;
const FAR_COUNT = 60;
const FAR_MS = 20;

/** Extracts all, with so many opened ahead; prints the time that it took. */
async function run(what: string, base: string, ahead: number, concurrency: number): Promise<void> {
  const count = what === 'far' ? FAR_COUNT : FILE_COUNT;
  const paths = Array.from({ length: count }, (_, index) => `${base}/${index}.dcm`);
  const strategy = { ...STRATEGIES.balanced, readAheadCount: ahead };
  const beganMs = performance.now();
  if (what !== 'idle') await drain(extractAll(paths, { strategy, concurrency }), () => {});
  console.log(performance.now() - beganMs);
}

async function main(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  const file = smallFile(1);
  const server = createServer((request, response) => {
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
    const end = Math.min(file.length, to === '' ? file.length : Number(to) + 1);
    setTimeout(() => {
      response.writeHead(206, { 'content-range': `bytes ${from}-${end - 1}/${file.length}`, 'accept-ranges': 'bytes' });
      response.end(file.subarray(Number(from), end));
    }, FAR_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (let index = 0; index < FILE_COUNT; index++) writeFileSync(join(folder, `${index}.dcm`), file);
    for (let index = 0; index < FILE_COUNT; index++) readFileSync(join(folder, `${index}.dcm`));
    await compare(folder, url, rounds);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

async function compare(folder: string, url: string, count: number): Promise<void> {
  console.log(`Node ${process.versions.node}, ${count} rounds; against nothing opened ahead`);
  for (const [what, base] of [
    ['local', folder],
    ['far', url],
  ] as const) {
    for (const concurrency of ['1', '4']) {
      const ways = Object.fromEntries(['0', '1', '2'].map((ahead) => [ahead, [what, base, ahead, concurrency]]));
      const rounds = await runRounds(new URL(import.meta.url), { idle: ['idle'], ...ways }, count);
      const idleMs = medianOf(rounds, 'idle', cpuOf);
      for (const ahead of ['1', '2']) {
        const cpu = medianOf(rounds, ahead, (use) => cpuOf(use) - idleMs, '0').toFixed(2);
        const time = medianOf(rounds, ahead, ({ stdout }) => Number(stdout), '0').toFixed(2);
        console.log(`${what}, ${concurrency} at once, ${ahead} opened ahead: CPU ${cpu}, time ${time}`);
      }
    }
  }
}

const [what, base = '', ahead = '0', concurrency = '1'] = process.argv.slice(2);
if (what !== undefined && Number.isNaN(Number(what))) await run(what, base, Number(ahead), Number(concurrency));
else await main(Number(what ?? 5));
