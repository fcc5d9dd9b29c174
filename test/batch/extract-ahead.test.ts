import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { take } from 'rxjs';
import { extractAll } from '../../src/batch/extract-all.ts';
import { drain } from '../../src/flow/drain.ts';
import { MemoryBudget } from '../../src/memory/memory-budget.ts';
import { STRATEGIES } from '../../src/memory/strategy.ts';
import { unbatch } from '../../src/operators/unbatch.ts';
import { KiB, MiB } from '../../src/units.ts';
import { smallFile } from '../formats/dicom/big-files.ts';
import { collect } from '../support/flow.ts';
import { httpServer, serveRanges } from '../support/http-server.ts';
import { tempFolder } from '../support/temp.ts';
import { until } from '../support/until.ts';

const openCount = () => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0);
const ahead = (readAheadCount: number) => ({ ...STRATEGIES.balanced, readAheadCount });

/** DICOM files, one of random bytes, and an empty one; and a path where nothing is. */
function paths(t: ExecutionContext): string[] {
  const folder = tempFolder(t);
  for (let index = 0; index < 6; index++) writeFileSync(join(folder, `${index}.dcm`), smallFile(index));
  writeFileSync(join(folder, '6.bin'), Buffer.alloc(300 * KiB, 5));
  writeFileSync(join(folder, '7.bin'), '');
  return Array.from({ length: 9 }, (_, index) => join(folder, `${index}.${index < 6 ? 'dcm' : 'bin'}`));
}

test.serial(
  'records are the same, down to the bytes that were read, however many files are opened ahead',
  async (t) => {
    const files = paths(t);
    const recordsOf = async (strategy: object) => {
      const records = await collect(extractAll(files, { strategy: strategy as never, concurrency: 1 }).pipe(unbatch()));
      return records.map((record) => ({ ...record, elapsedMs: 0 }));
    };
    const plain = await recordsOf(ahead(0));
    t.true(plain.length > 100);
    for (const count of [1, 2, 5]) t.deepEqual(await recordsOf(ahead(count)), plain);
  },
);

test.serial('what is far away is asked for while another is read, within the budget', async (t) => {
  const server = await httpServer(t, serveRanges(smallFile(1)));
  const urls = Array.from({ length: 6 }, (_, index) => `${server.url}?${index}`);
  const asked = () => new Set(server.requests.map(({ url }) => url)).size;
  const budget = new MemoryBudget(16 * MiB);
  let letGo: () => void = () => {};
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  let isFirst = true;
  const stall = () => {
    const pending = isFirst ? gone : undefined;
    isFirst = false;
    return pending;
  };
  const options = { strategy: ahead(2), concurrency: 1, budget };
  const done = drain(extractAll(urls, options), stall, { highWaterMark: 1 });
  await until(() => asked() >= 3);
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.is(asked(), 3, 'the one that is read, and two');
  letGo();
  await done;
  t.is(asked(), 6);
  t.is(budget.usedBytes, 0);
});

test.serial('where somebody is asked whether a file is wanted, it is opened when it is', async (t) => {
  const server = await httpServer(t, serveRanges(smallFile(1)));
  const urls = Array.from({ length: 5 }, (_, index) => `${server.url}?${index}`);
  const begin = ({ file }: { file: string }) => (file.endsWith('3') ? 'write' : 'committed');
  await drain(extractAll(urls, { strategy: ahead(4), concurrency: 1, begin }), () => {});
  t.true(server.requests.length > 0 && server.requests.every(({ url }) => url!.endsWith('3')));
});

test.serial('what is opened ahead is closed when nobody comes for it', async (t) => {
  const files = paths(t);
  const before = openCount();
  const budget = new MemoryBudget(16 * MiB);
  for (let round = 0; round < 20; round++) {
    await drain(extractAll(files, { strategy: ahead(4), concurrency: 1, budget }).pipe(take(1)), () => {});
  }
  await until(() => openCount() <= before);
  await until(() => budget.usedBytes === 0);
  t.pass();
});

test.serial('a stop does not wait for an input that is being opened', async (t) => {
  const first = smallFile(1);
  // the others answer never
  const server = await httpServer(t, (request, response, attempt) => {
    if (request.url!.endsWith('0')) serveRanges(first)(request, response, attempt);
  });
  const urls = Array.from({ length: 3 }, (_, index) => `${server.url}?${index}`);
  const stop = new AbortController();
  const records: string[] = [];
  const options = { strategy: ahead(2), concurrency: 1, stop: stop.signal };
  const done = drain(
    extractAll(urls, options).pipe(unbatch()),
    ({ file, kind }) => void records.push(`${file} ${kind}`),
  );
  await until(() => records.some((record) => record.endsWith('0 end')) && server.requests.length >= 3);
  await new Promise((resolve) => setTimeout(resolve, 50));
  stop.abort();
  await done;
  t.false(records.some((record) => record.endsWith('2 file')));
  t.true(records.some((record) => record.endsWith('1 end')));
});
