import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { extractAll } from '../../../src/batch/extract-all.ts';
import type { Found } from '../../../src/batch/find/found.ts';
import { type WatchFilesOptions, watchFiles } from '../../../src/batch/watch/watch-files.ts';
import { drain } from '../../../src/flow/drain.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { framedFiles, makeFiles } from '../../cli/run.ts';
import { ROOT } from '../../support/root.ts';
import { quiet, StallingSink } from '../../support/sources.ts';
import { tempFolder } from '../../support/temp.ts';
import { until } from '../../support/until.ts';

/** Watches a folder for the time of the test, and notes what comes. */
function watching(t: ExecutionContext, folder: string, options: WatchFilesOptions = {}): string[] {
  const seen: string[] = [];
  const subscription = watchFiles(folder, { stableMs: 150, ...options }).subscribe({
    next: ({ kind, path }) => seen.push((kind === 'issue' ? '! ' : '') + path.slice(folder.length + 1)),
    error: (error) => seen.push(`failed: ${error.message}`),
  });
  t.teardown(() => subscription.unsubscribe());
  return seen;
}

test('what is there comes first, then what arrives, in folders that arrive too; a changed file comes again', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, ['old', 'sub/older']);
  const seen = watching(t, folder);
  await until(() => seen.length === 2);
  t.deepEqual([...seen].sort(), ['old', 'sub/older']);
  makeFiles(folder, ['new', 'deep/er/newer']);
  await until(() => seen.length === 4);
  t.deepEqual(seen.slice(2).sort(), ['deep/er/newer', 'new']);
  appendFileSync(join(folder, 'old'), 'more');
  await until(() => seen.length === 5);
  t.is(seen[4], 'old');
});

test('a file comes when its size has not changed for a while, and then whole', async (t) => {
  const folder = tempFolder(t);
  const sizes: number[] = [];
  const run = new AbortController();
  const done = drain(
    extractAll(watchFiles(folder, { stableMs: 400 })),
    (batch) => {
      for (const record of batch) if (record.kind === 'file') sizes.push(record.size);
    },
    { signal: run.signal },
  );
  await sleep(300);
  for (let i = 0; i < 12; i++) {
    appendFileSync(join(folder, 'growing'), Buffer.alloc(1000));
    await sleep(50);
  }
  await until(() => sizes.length > 0);
  t.deepEqual(sizes, [12_000]);
  run.abort(new Error('enough'));
  await t.throwsAsync(done, { message: 'enough' });
});

test('include and exclude; a rename is an arrival', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, ['tmp/old.dcm', 'old.txt']);
  const seen = watching(t, folder, { include: ['*.dcm'], exclude: ['tmp'] });
  makeFiles(folder, ['a.dcm', 'b.txt', 'tmp/c.dcm', 'd.part']);
  mkdirSync(join(folder, 'sub'));
  await until(() => seen.length === 1);
  await quiet(() => seen.length);
  renameSync(join(folder, 'd.part'), join(folder, 'd.dcm'));
  await until(() => seen.length === 2);
  await quiet(() => seen.length);
  t.deepEqual(seen, ['a.dcm', 'd.dcm']);
});

test('a stalled consumer is not told more, and loses nothing', async (t) => {
  const folder = tempFolder(t);
  const sink = new StallingSink<Found>();
  const run = new AbortController();
  const done = drain(watchFiles(folder, { stableMs: 50 }), sink.take, { highWaterMark: 1, signal: run.signal });
  await sleep(200);
  makeFiles(
    folder,
    Array.from({ length: 50 }, (_, i) => `f${i}`),
  );
  await sleep(800);
  t.is(sink.values.length, 1);
  sink.release();
  await until(() => sink.values.length >= 50);
  t.is(new Set(sink.values.map(({ path }) => path)).size, 50);
  run.abort(new Error('enough'));
  await t.throwsAsync(done, { message: 'enough' });
});

test('who leaves ends the watch: the process can end', (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'a'), 'x');
  const script = `
    const { watchFiles, extractAll } = await import('tidegate');
    const subscription = extractAll(watchFiles(process.argv[1], { stableMs: 50 })).subscribe((batch) => {
      console.log(batch.length);
      subscription.unsubscribe();
    });
    watchFiles(process.argv[1]).subscribe().unsubscribe();`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script, folder], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 30_000,
  });
  t.is(Number(output), 3);
});

test('watched files go through extractAll while others arrive', async (t) => {
  const folder = tempFolder(t);
  const records: ExtractionRecord[] = [];
  const subscription = extractAll(watchFiles(folder, { stableMs: 100 })).subscribe((batch) => records.push(...batch));
  t.teardown(() => subscription.unsubscribe());
  await sleep(200);
  for (let i = 0; i < 5; i++) {
    makeFiles(folder, [`f${i}`]);
    await sleep(60);
  }
  await until(() => records.filter(({ kind }) => kind === 'end').length === 5);
  t.is(framedFiles(records as never).size, 5);
  t.throws(() => watchFiles(folder, { stableMs: 0 }), { code: 'ERR_OPTION' });
});
