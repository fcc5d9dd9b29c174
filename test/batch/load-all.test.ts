import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadAll } from '../../src/batch/load-all.ts';
import { MemoryBudget } from '../../src/memory/memory-budget.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { toArray } from '../../src/sinks/to-array.ts';
import { toJsonLines } from '../../src/sinks/to-json-lines.ts';
import { MiB } from '../../src/units.ts';
import { framedFiles, makeFiles, records } from '../cli/run.ts';
import { tempFolder } from '../support/temp.ts';

const names = Array.from({ length: 20 }, (_, i) => `in/f${i}`);

// Alone: a budget counts what waits in the queues of the whole process.
test.serial('everything lands in the sink, and the report counts it', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, names);
  const sink = toArray<ExtractionRecord>();
  const report = await loadAll([join(folder, 'in'), join(folder, 'none')], sink, { budget: new MemoryBudget(8 * MiB) });
  t.is(framedFiles(sink.values as never).size, 21);
  t.like(report, { files: 21, failedFiles: 1, skippedFiles: 0, records: sink.values.length });
  t.true(report.bytesRead > 0);
  t.deepEqual(report.sink.memory!.slowdowns, []);
});

test('a second run extracts only what is new or has changed since', async (t) => {
  const folder = tempFolder(t);
  const to = join(folder, 'out.ndjson');
  makeFiles(folder, names);
  const load = () => loadAll(join(folder, 'in'), toJsonLines(to, { resume: true }));
  t.like(await load(), { files: 20, skippedFiles: 0 });
  const before = readFileSync(to, 'utf8');
  t.like(await load(), { files: 0, skippedFiles: 20 });
  t.is(readFileSync(to, 'utf8'), before);
  makeFiles(folder, ['in/new']);
  writeFileSync(join(folder, 'in/f3'), 'longer than it was before');
  utimesSync(join(folder, 'in/f4'), 1, 1);
  t.like(await load(), { files: 3, skippedFiles: 18 });
  const added = framedFiles(records(readFileSync(to, 'utf8').slice(before.length)));
  t.deepEqual([...added.keys()].map((file) => file.slice(file.lastIndexOf('/') + 1)).sort(), ['f3', 'f4', 'new']);
});

test('a sink that fails ends the run with its error, and it hears of it', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, names);
  let aborted: unknown;
  const sink = {
    write: () => Promise.reject(new Error('disk full')),
    abort: (reason: unknown) => {
      aborted = reason;
    },
  };
  const budget = new MemoryBudget(8 * MiB);
  await t.throwsAsync(loadAll(join(folder, 'in'), sink, { budget }), { message: 'disk full' });
  t.is((aborted as Error).message, 'disk full');
  t.is(budget.usedBytes, 0);
});

test('a signal ends the run; a sink that has files commits none that was cut', async (t) => {
  const folder = tempFolder(t);
  const to = join(folder, 'out.ndjson');
  makeFiles(folder, names);
  const controller = new AbortController();
  const run = loadAll(join(folder, 'in'), toJsonLines(to, { resume: true }), {
    signal: controller.signal,
    onWritten: () => controller.abort(new Error('enough')),
  });
  await t.throwsAsync(run, { message: 'enough' });
  const report = await loadAll(join(folder, 'in'), toJsonLines(to, { resume: true }));
  t.is(report.files + report.skippedFiles, 20);
  t.is(framedFiles(records(readFileSync(to, 'utf8'))).size, 20);
});

test('what a sink holds is counted in the budget', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, names);
  const budget = new MemoryBudget(32 * MiB);
  let most = 0;
  const sink = { bufferedBytes: 5 * MiB, write: () => void (most = Math.max(most, budget.usedBytes)) };
  await loadAll(join(folder, 'in'), sink, { budget, concurrency: 1, onWritten: () => sink.write() });
  t.true(most >= 5 * MiB, `${most}`);
  t.is(budget.usedBytes, 0);
  rmSync(folder, { recursive: true });
});
