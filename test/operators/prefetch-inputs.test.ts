import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import test from 'ava';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { type Input, isPromise } from '../../src/bytes/input.ts';
import { drain } from '../../src/flow/drain.ts';
import { from } from '../../src/flow/from.ts';
import { MemoryBudget } from '../../src/memory/memory-budget.ts';
import { concatMap } from '../../src/operators/concat-map.ts';
import { prefetchInputs } from '../../src/operators/prefetch-inputs.ts';
import { extract } from '../../src/sources/extract.ts';
import { KiB } from '../../src/units.ts';
import { httpServer } from '../support/http-server.ts';
import { readAll } from '../support/read-all.ts';
import { tempFile } from '../support/temp.ts';
import { until } from '../support/until.ts';

const open = () => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0);

test.serial('the bytes are those of the file, the first of them from memory', async (t) => {
  const bytes = [randomBytes(200 * KiB), randomBytes(100), Buffer.alloc(0)];
  const paths = bytes.map((each) => tempFile(t, each));
  const inputs = await lastValueFrom(from(paths).pipe(prefetchInputs({ headBytes: 10 * KiB }), toArray()));
  for (const [index, input] of inputs.entries()) {
    t.like(input, { name: paths[index], sizeBytes: bytes[index]!.length, isSeekable: true });
    const head = input.read(0, Math.min(10 * KiB, bytes[index]!.length));
    t.false(isPromise(head));
    const all = await readAll(input, 7777);
    t.true(all.bytes.equals(bytes[index]!), all.error?.message);
  }
});

test.serial('while one is read the next are opened, no more than count, within the budget', async (t) => {
  const server = await httpServer(t, (request, response) => {
    response.writeHead(200, { 'content-length': 1000, 'accept-ranges': 'bytes' });
    response.end(Buffer.alloc(request.method === 'HEAD' ? 0 : 1000, 7));
  });
  const budget = new MemoryBudget(100 * KiB);
  const urls = Array.from({ length: 8 }, (_, index) => `${server.url}?${index}`);
  let letGo: () => void = () => {};
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  let seen = 0;
  const work = async (input: Input) => {
    if (seen++ === 0) await gone;
    t.is((await input.read(0, 1000)).bytes.length, 1000);
    await input.close();
  };
  const inputs = from(urls).pipe(prefetchInputs({ count: 3, headBytes: 40 * KiB, budget }));
  const done = drain(inputs, work, { highWaterMark: 1 });
  await until(() => server.requests.length >= 3);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const ahead = new Set(server.requests.map(({ url }) => url)).size;
  t.true(ahead >= 3 && ahead <= 5, `${ahead} asked for while the first is read`);
  t.true(budget.usedBytes <= 100 * KiB && budget.usedBytes >= 40 * KiB);
  letGo();
  t.is((await done).items, 8);
  t.is(budget.usedBytes, 0);
  t.true(budget.snapshot().peakBytes <= 100 * KiB);
});

test.serial('one that cannot be opened fails where it is read, and the others go on', async (t) => {
  const good = tempFile(t, 'good');
  const inputs = from(['/no/such/file.bin', good]).pipe(prefetchInputs());
  const ends = inputs.pipe(
    concatMap(async (input) => {
      try {
        return (await input.read(0, 4)).bytes.toString();
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await input.close();
      }
    }),
    toArray(),
  );
  t.deepEqual(await lastValueFrom(ends), ['ERR_INPUT_OPEN', 'good']);
});

test.serial('what nobody takes any more is closed, and its bytes go back', async (t) => {
  const budget = new MemoryBudget(1000 * KiB);
  const paths = Array.from({ length: 6 }, (_, index) => tempFile(t, Buffer.alloc(KiB, index)));
  const before = open();
  const first = await firstValueFrom(from(paths).pipe(prefetchInputs({ count: 4, budget }), take(1)));
  await first.close();
  await until(() => open() <= before && budget.usedBytes === 0);
  t.pass();
});

test('extract reads such an input as it reads the file', async (t) => {
  const path = tempFile(t, Buffer.alloc(300 * KiB, 3), 'a.bin');
  const kinds = (source: ReturnType<typeof extract>) => lastValueFrom(source.pipe(toArray()));
  const plain = await kinds(extract(path));
  const ahead = await kinds(
    from([path]).pipe(
      prefetchInputs(),
      concatMap((input) => extract(input)),
    ),
  );
  const strip = (records: typeof plain) => records.map((record) => ({ ...record, elapsedMs: 0, bytesRead: 0 }));
  t.deepEqual(strip(ahead), strip(plain));
  t.throws(() => prefetchInputs({ count: 0 }), { code: 'ERR_OPTION' });
});
