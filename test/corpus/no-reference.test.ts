import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'ava';
import { MiB } from '../../src/units.ts';
import { peakRss } from '../support/peak-rss.ts';

const corpus = resolve(process.env.TIDEGATE_CORPUS ?? '../shared/corpus');
const script = new URL('./read-one.js', import.meta.url);
const MOST_BYTES = 150 * MiB;
const MOST_CPU_MS = 2000;

/** Files in which the reference tool finds no facts, because it fails on them. */
function filesWithoutFacts(format: string): string[] {
  const lines = readFileSync(join(corpus, `expected-${format}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const all = lines.map((line) => JSON.parse(line) as { file: string; error?: string });
  return all.filter(({ error }) => error !== undefined).map(({ file }) => join(corpus, file));
}

for (const format of ['fits', 'hdf5', 'netcdf', 'media']) {
  test.serial(`${format}: what the reference tool cannot read ends within 2 s and 150 MiB`, async (t) => {
    if (!existsSync(corpus)) return t.pass('there is no corpus here');
    let worstBytes = 0;
    const files = filesWithoutFacts(format);
    for (const file of process.env.TIDEGATE_TEST_RUNS === 'ci' ? files.slice(0, 20) : files.slice(0, 4)) {
      const { peakRssBytes, cpuMs, stdout } = await peakRss(script, [file], MOST_BYTES);
      t.regex(stdout, /"kind":"end","status":"(ok|partial|failed)"/, file);
      t.true(peakRssBytes <= MOST_BYTES, file);
      t.true(cpuMs <= MOST_CPU_MS, file);
      worstBytes = Math.max(worstBytes, peakRssBytes);
    }
    t.true(worstBytes <= MOST_BYTES, `of ${files.length} files`);
    t.log(`${files.length} files, at most ${(worstBytes / MiB).toFixed(0)} MiB in all`);
  });
}
