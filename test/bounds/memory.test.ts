import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { MemoryReport } from '../../src/memory/memory-report.ts';
import { GiB, KiB, MiB } from '../../src/units.ts';
import { peakRss } from '../support/peak-rss.ts';
import { runs } from '../support/runs.ts';
import { sparseFile, tempFolder } from '../support/temp.ts';

const script = (name: string) => new URL(`./memory-${name}.js`, import.meta.url);
const isFull = process.env.TIDEGATE_TEST_RUNS === 'ci';

/** What grows by itself does so in every run; a step of V8's heap comes in one of them. */
const TRIES = 3;

test.serial('a slow sink holds a fast file to the budget, and RSS stays where it is', async (t) => {
  t.timeout(300_000);
  const seconds = isFull ? 60 : 6;
  // In 6 s a single step of the heap by 256 KiB looks like 4 MiB a minute.
  const mostMiB = isFull ? 1 : 8;
  const path = sparseFile(t, 64 * GiB);
  // Side by side: they do nothing for most of the time
  const slopes = await Promise.all(Array.from({ length: TRIES }, () => slopeOf(t, path, seconds)));
  const slopeMiB = Math.min(...slopes);
  t.true(slopeMiB < mostMiB, `${slopeMiB}`);
});

/** What RSS rises by in a minute of a slow sink, in MiB. */
async function slopeOf(t: ExecutionContext, path: string, seconds: number): Promise<number> {
  const { stdout } = await peakRss(script('slow-sink'), [path, `${seconds}`], Number.POSITIVE_INFINITY);
  const seen = JSON.parse(stdout) as { bytes: number; peakBytes: number; slopeBytesPerMinute: number };
  const slopeMiB = seen.slopeBytesPerMinute / MiB;
  t.log(`${seconds} s, ${seen.bytes} bytes, slope ${slopeMiB.toFixed(2)} MiB/min`);
  t.true(seen.bytes > 16 * MiB);
  t.true(seen.peakBytes <= 8 * MiB, `${seen.peakBytes}`);
  return slopeMiB;
}

test.serial('a process that is over its limit from the start still finishes, and says why it was slow', async (t) => {
  const path = join(tempFolder(t), 'file.bin');
  writeFileSync(path, Buffer.alloc(8 * MiB, 3));
  const { stdout } = await peakRss(script('over-limit'), [path]);
  const { bytes, waits, memory } = JSON.parse(stdout) as { bytes: number; waits: number; memory: MemoryReport };
  // of 128 chunks: it waits until it has seen that this does not help, then goes on
  t.true(waits <= 60, `${waits}`);
  t.is(bytes, 8 * MiB);
  t.true(memory.peakRssBytes > 128 * MiB);
  t.true(memory.waitedMs > 0);
  t.true(memory.slowdowns.some(({ reason, actions }) => reason === 'rss' && actions.includes('resumed')));
});

test.serial('files one after another leave less than 1 KiB each in the heap', async (t) => {
  t.timeout(120_000);
  const folder = tempFolder(t);
  const paths = Array.from({ length: 100 }, (_, index) => join(folder, `${index}.bin`));
  for (const [index, path] of paths.entries()) writeFileSync(path, Buffer.alloc(4 * KiB, index));
  const count = runs(20_000);
  const { stdout } = await peakRss(script('many-files'), [JSON.stringify(paths), `${count}`]);
  const { records, bytesPerFile } = JSON.parse(stdout) as { records: number; bytesPerFile: number };
  t.log(`${count} files: ${bytesPerFile.toFixed(0)} bytes a file`);
  t.true(records >= 2 * count);
  t.true(bytesPerFile < KiB, `${bytesPerFile}`);
});
