import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Observable, take, tap } from 'rxjs';
import { extractAll } from '../../src/batch/extract-all.ts';
import type { FailedFile } from '../../src/batch/failures/failed-file.ts';
import { Meter } from '../../src/batch/lanes/meter.ts';
import { drain } from '../../src/flow/drain.ts';
import { Advisor } from '../../src/memory/advisor.ts';
import { MemoryBudget } from '../../src/memory/memory-budget.ts';
import { saysPressure } from '../../src/memory/pressure.ts';
import { unbatch } from '../../src/operators/unbatch.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { extract } from '../../src/sources/extract.ts';
import { KiB, MiB } from '../../src/units.ts';
import { framedFiles, makeFiles } from '../cli/run.ts';
import { dicomFile, element } from '../formats/dicom/dicom-writer.ts';
import { collect } from '../support/flow.ts';
import { quiet, StallingSink } from '../support/sources.ts';
import { tempFolder } from '../support/temp.ts';
import { until } from '../support/until.ts';

type Batch = readonly ExtractionRecord[];

/** `count` DICOM files of so many elements. */
function archive(t: ExecutionContext, count: number, elementCount = 600): string {
  const folder = tempFolder(t);
  const elements = Array.from({ length: elementCount }, (_, i) =>
    element(0x00091000 + i, 'LO', Buffer.from(`value number ${i} `)),
  );
  const bytes = dicomFile(elements);
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `${String(i).padStart(4, '0')}.dcm`), bytes);
  return folder;
}

const framed = (records: readonly ExtractionRecord[]) => framedFiles(records as unknown as Record<string, unknown>[]);
const plain = (record: object) => ({ ...record, elapsedMs: 0 });

/** Counts how many files are between their first batch and their last. */
function countOpen(): {
  readonly open: Set<string>;
  most: number;
  readonly watch: (s: Observable<Batch>) => Observable<Batch>;
} {
  const open = new Set<string>();
  const seen = {
    open,
    most: 0,
    watch: (source: Observable<Batch>) =>
      source.pipe(
        tap((batch) => {
          open.add(batch[0]!.file);
          seen.most = Math.max(seen.most, open.size);
          if (batch.at(-1)!.kind === 'end') open.delete(batch[0]!.file);
        }),
      ),
  };
  return seen;
}

for (const jobs of [0, 2]) {
  test(`jobs ${jobs}: many files give the records that each gives by itself`, async (t) => {
    const folder = archive(t, 12);
    makeFiles(folder, ['sub/a.bin', 'sub/empty']);
    writeFileSync(join(folder, 'sub/empty'), '');
    const all = framed(await collect(extractAll(folder, { jobs }).pipe(unbatch())));
    t.is(all.size, 14);
    for (const [file, records] of all) {
      const alone = await collect(extract(file));
      const isStable = (record: object) => 'kind' in record && record.kind !== 'end';
      t.deepEqual(
        records.filter(isStable),
        alone
          .filter(isStable)
          .map(plain)
          .map(({ elapsedMs, ...rest }) => rest) as never,
      );
      t.is(records.length, alone.length);
    }
  });

  test(`jobs ${jobs}: a file that fails is a dead letter, and the others go on`, async (t) => {
    const folder = archive(t, 4, 20);
    writeFileSync(join(folder, '0001.dcm'), readFileSync(join(folder, '0001.dcm')).subarray(0, 250));
    const letters: FailedFile[] = [];
    const files = [folder, join(folder, 'missing.dcm')];
    const deadLetters = async (letter: FailedFile) => void letters.push(letter);
    const all = framed(await collect(extractAll(files, { jobs, deadLetters }).pipe(unbatch())));
    t.is(all.size, 5);
    letters.sort((a, b) => (a.file < b.file ? -1 : 1));
    t.like(letters[0], { file: join(folder, '0001.dcm'), status: 'partial', code: 'ERR_TRUNCATED_INPUT', attempts: 1 });
    t.is(typeof letters[0]!.offset, 'number');
    t.like(letters[1], { file: join(folder, 'missing.dcm'), status: 'failed', code: 'ERR_INPUT_OPEN', attempts: 1 });
    t.is(letters.length, 2);
  });

  test(`jobs ${jobs}: stop ends the files under way, and no new ones are begun`, async (t) => {
    const folder = archive(t, 40, 3000);
    const stop = new AbortController();
    const letters: FailedFile[] = [];
    let batches = 0;
    const source = extractAll(folder, {
      jobs,
      concurrency: 2,
      stop: stop.signal,
      deadLetters: (letter) => void letters.push(letter),
    }).pipe(tap(() => ++batches === 3 && stop.abort()));
    const all = framed(await collect(source.pipe(unbatch())));
    t.true(all.size < 40, `${all.size}`);
    for (const { code, attempts } of letters) t.deepEqual([code, attempts], ['ERR_ABORTED', 0]);
  });

  test(`jobs ${jobs}: stop ends a list of files that has no end`, async (t) => {
    const path = join(archive(t, 1), '0000.dcm');
    const stop = new AbortController();
    function* forever(): Generator<string> {
      for (;;) yield path;
    }
    const source = extractAll(forever(), { jobs, stop: stop.signal });
    const seen = await collect(source.pipe(tap(() => stop.abort())));
    t.true(seen.length > 0);
  });
}

test('a stalled consumer stops the reading of all files, and holds what its marks say', async (t) => {
  const folder = archive(t, 60, 3000);
  const meter = new Meter();
  const sink = new StallingSink<Batch>();
  let emitted = 0;
  const source = extractAll(folder, { concurrency: 4, meter, chunkBytes: 64 * KiB }).pipe(tap(() => emitted++));
  const done = drain(source, sink.take, { highWaterMark: 4 });
  await until(() => emitted >= 4);
  await quiet(() => meter.bytesRead + emitted);
  t.true(emitted <= 4, `${emitted} batches`);
  // 4 files, of each what its reader has at once.
  t.true(meter.bytesRead <= 4 * 256 * KiB, `${meter.bytesRead} bytes`);
  sink.release();
  await done;
  t.is(framed(sink.values.flat()).size, 60);
});

test('concurrency is what was asked for, less under pressure', async (t) => {
  const folder = archive(t, 24, 3000);
  const seen = countOpen();
  await collect(seen.watch(extractAll(folder, { concurrency: 8 })));
  t.true(seen.most > 2 && seen.most <= 8, `${seen.most} at once`);
  const voice = {};
  t.teardown(() => saysPressure(voice, undefined));
  saysPressure(voice, 'critical');
  const pressed = countOpen();
  const batches = await collect(pressed.watch(extractAll(folder, { concurrency: 8 })));
  t.true(pressed.most <= 2, `${pressed.most} at once`);
  t.is(framed(batches.flat()).size, 24);
});

test('with a budget, files are let in by what they are predicted to take', async (t) => {
  const folder = archive(t, 16, 3000);
  const budget = new MemoryBudget(8 * MiB);
  const knowing = (peakBytes: number) => {
    const advisor = new Advisor();
    for (let i = 0; i < 8; i++) advisor.observe('dicom streamed', 100 * KiB, peakBytes);
    return advisor;
  };
  const large = countOpen();
  await collect(large.watch(extractAll(folder, { concurrency: 8, budget, advisor: knowing(3.9 * MiB) })));
  t.is(large.most, 1);
  const small = countOpen();
  await collect(small.watch(extractAll(folder, { concurrency: 8, budget, advisor: knowing(256 * KiB) })));
  t.true(small.most > 2, `${small.most} at once`);
  t.is(budget.usedBytes, 0);
  const letters: string[] = [];
  const options = {
    budget,
    advisor: knowing(64 * MiB),
    deadLetters: ({ code }: FailedFile) => void letters.push(code),
  };
  const all = framed(await collect(extractAll(folder, options).pipe(unbatch())));
  t.is(all.size, 16);
  t.deepEqual(new Set(letters), new Set(['ERR_BUDGET']));
});

test('a list of dead letters is one JSON object a line, written anew or added to', async (t) => {
  const folder = tempFolder(t);
  const list = join(folder, 'failed.ndjson');
  const lines = () =>
    readFileSync(list, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).file);
  writeFileSync(list, '{"file":"old","attempts":1}\n');
  await collect(extractAll([join(folder, 'a'), join(folder, 'b')], { deadLetters: list }));
  t.deepEqual(lines(), [join(folder, 'a'), join(folder, 'b')]);
  writeFileSync(list, '{"file":"old","attempts":1}\n{"file":"to');
  await collect(extractAll(join(folder, 'c'), { deadLetters: { path: list, append: true } }));
  t.deepEqual(lines(), ['old', join(folder, 'c')]);
  await collect(extractAll(list, { deadLetters: join(folder, 'none.ndjson') }));
  t.is(readFileSync(join(folder, 'none.ndjson'), 'utf8'), '');
  await t.throwsAsync(collect(extractAll(list, { deadLetters: join(folder, 'no/such/list') })), { code: 'ERR_SINK' });
});

test('names that are not UTF-8 are in the list by their bytes, and are found again', async (t) => {
  const folder = tempFolder(t);
  const name = Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff])]);
  try {
    writeFileSync(name, dicomFile([element(0x00100010, 'PN', Buffer.from('Doe '))]).subarray(0, 140));
  } catch {
    return t.pass('this file system has only names in UTF-8');
  }
  const list = join(folder, 'failed.ndjson');
  await collect(extractAll(folder, { deadLetters: list, include: ['a%FF'], format: 'dicom' }));
  const letter = JSON.parse(readFileSync(list, 'utf8'));
  t.like(letter, { file: `${folder}/a%FF`, nameBase64: name.toString('base64') });
  const [first] = (await collect(extractAll({ manifest: list }))).flat();
  t.like(first, { kind: 'file', file: `${folder}/a%FF`, size: 140 });
});

test('who leaves ends all files, and what they held is given back', async (t) => {
  const folder = archive(t, 40, 3000);
  const budget = new MemoryBudget(64 * MiB);
  for (const jobs of [0, 2]) {
    const meter = new Meter();
    t.is((await collect(extractAll(folder, { jobs, budget, meter }).pipe(take(2)))).length, 2);
    await quiet(() => meter.bytesRead);
    t.is(budget.usedBytes, 0);
  }
});

test('begin is asked before a file is read', async (t) => {
  const folder = archive(t, 6, 20);
  const asked: string[] = [];
  const begin = ({ file, identity }: { file: string; identity: string }) => {
    asked.push(identity);
    return file.endsWith('3.dcm') ? ('committed' as const) : ('write' as const);
  };
  const meter = new Meter();
  rmSync(join(folder, '0005.dcm'));
  const all = framed(await collect(extractAll([folder, join(folder, '0005.dcm')], { begin, meter }).pipe(unbatch())));
  t.deepEqual([...all.keys()].map((file) => file.slice(-5, -4)).sort(), ['0', '1', '2', '4', '5']);
  t.is(asked.length, 5);
  for (const identity of asked) t.regex(identity, /^\d+ \d+ \d+$/);
  await t.throwsAsync(collect(extractAll(folder, { begin: () => Promise.reject(new Error('no ledger')) })), {
    message: 'no ledger',
  });
});

test('what cannot be used is refused at the call', (t) => {
  t.throws(() => extractAll(''), { code: 'ERR_OPTION' });
  t.throws(() => extractAll('a', { concurrency: 0 }), { code: 'ERR_OPTION' });
  t.throws(() => extractAll('a', { jobs: -1 }), { code: 'ERR_OPTION' });
});
