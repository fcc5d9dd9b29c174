import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Sink } from '../../../src/flow/sink.ts';
import { drivenSink } from '../../../src/flow/unit-sink.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { toCsv } from '../../../src/sinks/to-csv.ts';
import { toDuckDb } from '../../../src/sinks/to-duckdb.ts';
import { toJsonLines } from '../../../src/sinks/to-json-lines.ts';
import { toParquet } from '../../../src/sinks/to-parquet.ts';
import { OutputLock } from '../../../src/sinks/units/output-lock.ts';
import { tempFolder } from '../../support/temp.ts';
import { feed } from '../feed.ts';
import { fileRecords } from '../records.ts';

const resume = true;
const SINKS: Readonly<Record<string, (path: string) => Sink<ExtractionRecord>>> = {
  'out.ndjson': (path) => toJsonLines(path, { resume }),
  'out.csv.gz': (path) => toCsv(path, { resume }),
  'out.parquet': (path) => toParquet(path, { resume }),
  'out.duckdb': (path) => toDuckDb(path),
};

for (const [name, open] of Object.entries(SINKS)) {
  test(`${name}: of two runs at once the second is told of the first, and harms nothing`, async (t) => {
    const path = join(tempFolder(t), name);
    const [first, second] = [drivenSink(open(path)), drivenSink(open(path))];
    const context = { signal: new AbortController().signal };
    await first.start!(context);
    await first.write(fileRecords('a', [1]));
    const error = await t.throwsAsync(async () => second.start!(context), { code: 'ERR_LOCKED' });
    t.regex(error.message, new RegExp(`process ${process.pid} is writing to it`));
    await second.abort!(error);
    await first.write(fileRecords('b', [2]));
    await first.close!();
    await feed(open(path), [fileRecords('c', [3])]);
    t.false(existsSync(`${path}.lock`));
    t.deepEqual(
      readdirSync(join(path, '..')).filter((file) => /tidegate|lock/.test(file)),
      [],
    );
  });
}

/** A process that does nothing until it is killed. */
async function idleProcess(t: ExecutionContext): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setTimeout(() => {}, 60_000)']);
  t.teardown(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

const lockOf = (pid: number, began: string, host = hostname()) => JSON.stringify({ pid, began, host, id: 'x' });

test('a lock is as good as its process: alive, gone, another of the same number, of another host, torn', async (t) => {
  const output = join(tempFolder(t), 'out.ndjson');
  const path = `${output}.lock`;
  const child = await idleProcess(t);
  await (await OutputLock.take(output)).release();
  const held = await OutputLock.take(output);
  const { began } = JSON.parse(readFileSync(path, 'utf8')) as { began: string };
  await held.release();

  writeFileSync(path, lockOf(child.pid!, began, 'elsewhere.example.org'));
  await t.throwsAsync(OutputLock.take(output), { code: 'ERR_LOCKED', message: new RegExp(`process ${child.pid}`) });
  if (existsSync('/proc/self/stat')) {
    writeFileSync(path, lockOf(child.pid!, '1'));
    await (await OutputLock.take(output)).release();
  }
  child.kill('SIGKILL');
  await once(child, 'close');
  writeFileSync(path, lockOf(child.pid!, began));
  await (await OutputLock.take(output)).release();
  writeFileSync(path, '{"pid"');
  await (await OutputLock.take(output)).release();
  t.false(existsSync(path));
});

test('of many that find the lock of a process that is gone, one takes it over', async (t) => {
  const output = join(tempFolder(t), 'out.ndjson');
  const child = await idleProcess(t);
  child.kill('SIGKILL');
  await once(child, 'close');
  for (let round = 0; round < 20; round++) {
    writeFileSync(`${output}.lock`, lockOf(child.pid!, '1'));
    const takes = await Promise.allSettled(Array.from({ length: 8 }, () => OutputLock.take(output)));
    const taken = takes.filter((take) => take.status === 'fulfilled');
    t.is(taken.length, 1);
    for (const { value } of taken) await value.release();
  }
});

test("what is left of those who were killed while they took a lock over is in nobody's way, and is removed", async (t) => {
  const folder = tempFolder(t);
  const output = join(folder, 'out.ndjson');
  const child = await idleProcess(t);
  child.kill('SIGKILL');
  await once(child, 'close');
  const left = (id: string) => JSON.stringify({ pid: child.pid, began: '1', host: hostname(), id });
  writeFileSync(`${output}.lock`, left('a'));
  writeFileSync(`${output}.lock-a-next`, left('b'));
  writeFileSync(`${output}.lock-a-next-b-next`, left('c'));
  writeFileSync(`${output}.lock-a-next-mine`, left('d'));
  writeFileSync(`${output}.lock-e`, left('e'));
  writeFileSync(`${output}.lock-${child.pid}-f`, '');
  const lock = await OutputLock.take(output);
  t.deepEqual(readdirSync(folder), ['out.ndjson.lock']);
  await t.throwsAsync(OutputLock.take(output), { code: 'ERR_LOCKED' });
  await lock.release();
  t.deepEqual(readdirSync(folder), []);
});
