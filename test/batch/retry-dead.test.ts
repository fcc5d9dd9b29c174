import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadAll } from '../../src/batch/load-all.ts';
import { retryDead } from '../../src/batch/retry-dead.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { toArray } from '../../src/sinks/to-array.ts';
import { framedFiles, records, run } from '../cli/run.ts';
import { dicomFile, element } from '../formats/dicom/dicom-writer.ts';
import { tempFolder } from '../support/temp.ts';

const WHOLE = dicomFile(Array.from({ length: 20 }, (_, i) => element(0x00091000 + i, 'LO', Buffer.from('a value '))));
const CUT = WHOLE.subarray(0, 301);

/** 4 files of which `cut` are damaged, and their list after a first run. */
async function damaged(t: ExecutionContext, cut: readonly number[]): Promise<{ folder: string; list: string }> {
  const folder = tempFolder(t);
  const list = join(folder, 'failed.ndjson');
  for (let i = 0; i < 4; i++) writeFileSync(join(folder, `${i}.dcm`), cut.includes(i) ? CUT : WHOLE);
  await loadAll(folder, toArray(), { include: ['*.dcm'], deadLetters: list });
  return { folder, list };
}

const lettersIn = (list: string) => records(readFileSync(list, 'utf8'));
const namesOf = (letters: readonly Record<string, unknown>[]) =>
  letters.map(({ file }) => String(file).slice(-5, -4)).sort();

for (const jobs of [0, 1]) {
  test(`jobs ${jobs}: what succeeds leaves the list, what fails again stays with code, offset and attempts`, async (t) => {
    const { folder, list } = await damaged(t, [0, 1, 3]);
    t.deepEqual(namesOf(lettersIn(list)), ['0', '1', '3']);
    writeFileSync(join(folder, '1.dcm'), WHOLE);
    writeFileSync(join(folder, '3.dcm'), CUT.subarray(0, 281));
    const sink = toArray<ExtractionRecord>();
    t.like(await retryDead(list, sink, { jobs }), { files: 3, failedFiles: 2 });
    t.is(framedFiles(sink.values as never).size, 3);
    const letters = lettersIn(list);
    t.deepEqual(namesOf(letters), ['0', '3']);
    for (const letter of letters) {
      t.like(letter, { status: 'partial', code: 'ERR_TRUNCATED_INPUT', attempts: 2 });
      t.is(typeof letter.offset, 'number');
    }
    for (const i of [0, 3]) writeFileSync(join(folder, `${i}.dcm`), WHOLE);
    t.like(await retryDead(list, toArray(), { jobs }), { files: 2, failedFiles: 0 });
    t.is(readFileSync(list, 'utf8'), '');
    t.is(readdirSync(folder).length, 5);
  });
}

test('a file that is named twice is tried once; a line that is no letter stays', async (t) => {
  const { folder, list } = await damaged(t, [0]);
  const [letter] = lettersIn(list);
  writeFileSync(list, `${JSON.stringify(letter)}\n${JSON.stringify(letter)}\nnot json\n`);
  writeFileSync(join(folder, '0.dcm'), WHOLE);
  t.like(await retryDead(list, toArray()), { files: 1, failedFiles: 0 });
  t.is(readFileSync(list, 'utf8'), 'not json\n');
});

test('a run that fails leaves the list as it was; one that is stopped keeps what it did not come to', async (t) => {
  const { folder, list } = await damaged(t, [0, 1, 2, 3]);
  const before = readFileSync(list, 'utf8');
  const full = { write: () => Promise.reject(new Error('disk full')) };
  await t.throwsAsync(retryDead(list, full), { message: 'disk full' });
  t.is(readFileSync(list, 'utf8'), before);
  for (let i = 0; i < 4; i++) writeFileSync(join(folder, `${i}.dcm`), WHOLE);
  const stop = new AbortController();
  const done: string[] = [];
  const onWritten = (batch: readonly ExtractionRecord[]) => {
    for (const record of batch) if (record.kind === 'end' && record.status === 'ok') done.push(record.file);
    stop.abort();
  };
  await retryDead(list, toArray(), { concurrency: 1, stop: stop.signal, onWritten });
  const left = lettersIn(list);
  t.true(done.length < 4 && done.length > 0, `${done.length}`);
  t.is(left.length, 4 - done.length);
  for (const { file, attempts } of left) t.deepEqual([done.includes(file as string), attempts], [false, 1]);
  await t.throwsAsync(retryDead(join(folder, 'none'), toArray()), { code: 'ERR_INPUT_OPEN' });
  t.is(readdirSync(folder).length, 5);
});

for (const jobs of ['0', '1']) {
  test(`--jobs ${jobs}: tidegate extract --dead-letters, then tidegate retry-dead`, async (t) => {
    const folder = tempFolder(t);
    for (let i = 0; i < 4; i++) writeFileSync(join(folder, `${i}.dcm`), i % 2 === 1 ? CUT : WHOLE);
    const list = join(folder, 'failed.ndjson');
    const flags = ['--jobs', jobs, '--memory', '128MiB', '--quiet'];
    const first = await run(['extract', '--include', '*.dcm', '--dead-letters', list, ...flags, folder]);
    t.is(first.code, 3, first.stderr);
    t.is(framedFiles(records(first.stdout)).size, 4);
    t.deepEqual(namesOf(lettersIn(list)), ['1', '3']);
    writeFileSync(join(folder, '3.dcm'), WHOLE);
    const again = await run(['retry-dead', list, ...flags]);
    t.is(again.code, 3, again.stderr);
    t.is(framedFiles(records(again.stdout)).size, 2);
    t.deepEqual(namesOf(lettersIn(list)), ['1']);
    t.is(lettersIn(list)[0]!.attempts, 2);
    writeFileSync(join(folder, '1.dcm'), WHOLE);
    t.is((await run(['retry-dead', list, ...flags])).code, 0);
    t.is(readFileSync(list, 'utf8'), '');
  });
}

test('wrong uses of the command are exit 2', async (t) => {
  for (const args of [
    ['retry-dead'],
    ['retry-dead', 'a', 'b'],
    ['retry-dead', 'a', '--dead-letters', 'b'],
    ['extract', 'a', '--manifest', 'b'],
  ]) {
    t.is((await run(args)).code, 2, args.join(' '));
  }
});
