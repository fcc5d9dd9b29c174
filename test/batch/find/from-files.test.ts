import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { firstValueFrom } from 'rxjs';
import type { Found } from '../../../src/batch/find/found.ts';
import { type FilesSource, type FromFilesOptions, fromFiles } from '../../../src/batch/find/from-files.ts';
import { drain } from '../../../src/flow/drain.ts';
import { makeFiles } from '../../cli/run.ts';
import { collect } from '../../support/flow.ts';
import { quiet, StallingSink } from '../../support/sources.ts';
import { tempFile, tempFolder } from '../../support/temp.ts';
import { until } from '../../support/until.ts';

/** Paths below `folder`; issues as `! path`. */
async function paths(folder: string, files: FilesSource, options?: FromFilesOptions): Promise<string[]> {
  const all = await collect(fromFiles(files, options));
  return all.map(({ kind, path }) => (kind === 'issue' ? '! ' : '') + path.replace(`${folder}/`, ''));
}

test('a pattern, several, and those of an async list give their files in the same order on every run', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, ['b', 'a/2', 'a/10', 'c.dcm']);
  const all = ['a/10', 'a/2', 'b', 'c.dcm'];
  t.deepEqual(await paths(folder, folder), all);
  t.deepEqual(await paths(folder, folder), all);
  t.deepEqual(await paths(folder, [join(folder, '*.dcm'), join(folder, 'a')]), ['c.dcm', 'a/10', 'a/2']);
  const later = async function* () {
    yield join(folder, 'b');
    yield join(folder, 'none');
    yield 'https://example.org/x.dcm';
  };
  t.deepEqual(await paths(folder, later()), ['b', '! none', 'https://example.org/x.dcm']);
});

test('include and exclude: names without a slash, paths below the folder with one; excluded folders are not entered', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, ['1.dcm', '.2.dcm', 'a/3.dcm', 'a/4.txt', 'a/tmp/5.dcm', 'tmp/6.dcm', 'b/a/7.dcm']);
  symlinkSync('nowhere', join(folder, 'tmp/dangling'));
  const found = (include?: string[], exclude?: string[]) => paths(folder, folder, { include, exclude });
  t.deepEqual(await found(['*.dcm'], ['tmp']), ['.2.dcm', '1.dcm', 'a/3.dcm', 'b/a/7.dcm']);
  t.deepEqual(await found(['a/*.dcm']), ['a/3.dcm']);
  t.deepEqual(await found(['**/a/**']), ['a/3.dcm', 'a/4.txt', 'a/tmp/5.dcm', 'b/a/7.dcm']);
  t.deepEqual(await found(undefined, ['tmp/**', '*.txt', 'b']), ['.2.dcm', '1.dcm', 'a/3.dcm', 'a/tmp/5.dcm']);
  t.deepEqual(await found([]), []);
  const named = [join(folder, '1.dcm'), join(folder, 'a/4.txt'), 'https://example.org/8.dcm', '-'];
  t.deepEqual(await paths(folder, named, { include: ['*.dcm'] }), ['1.dcm', 'https://example.org/8.dcm', '-']);
  t.deepEqual(await paths(folder, join(folder, '**/*.dcm'), { exclude: ['b'] }), [
    '1.dcm',
    'a/3.dcm',
    'a/tmp/5.dcm',
    'tmp/6.dcm',
  ]);
});

test('a manifest names inputs a line each, taken as they are; lines that name none are issues', async (t) => {
  const odd = Buffer.from([0x61, 0xff]);
  const lines = [
    '"scans/a[1].dcm"',
    '{"file":"b.dcm","attempts":2,"code":"ERR_MALFORMED"}',
    '',
    `{"file":"a%FF","nameBase64":"${odd.toString('base64')}"}`,
    '{"file":7}',
    'not json',
    `"${'x'.repeat(3_000_000)}"`,
    '"https://example.org/c"',
    '{"__proto__":{"file":"evil"}}',
    '"-"',
  ];
  const manifest = tempFile(t, lines.join('\n'), 'list.ndjson');
  const found = await collect(fromFiles({ manifest }));
  t.deepEqual(found.filter(({ kind }) => kind !== 'issue') as unknown, [
    { kind: 'file', path: 'scans/a[1].dcm', name: 'scans/a[1].dcm' },
    { kind: 'file', path: 'b.dcm', name: 'b.dcm', attempts: 2 },
    { kind: 'file', path: 'a%FF', name: odd },
    { kind: 'url', path: 'https://example.org/c' },
    { kind: 'stdin', path: '-' },
  ]);
  const issues = found.filter((entry): entry is Extract<Found, { kind: 'issue' }> => entry.kind === 'issue');
  t.deepEqual(
    issues.map(({ path }) => path),
    [5, 6, 7, 9].map((line) => `${manifest}:${line}`),
  );
  for (const { error } of issues) t.is(error.code, 'ERR_INPUT_OPEN');
  t.deepEqual(
    await paths('none', { manifest }, { include: ['*.dcm'] }).then((all) => all.filter((path) => path[0] !== '!')),
    ['scans/a[1].dcm', 'b.dcm', '-'],
  );
  await t.throwsAsync(collect(fromFiles({ manifest: `${manifest}.none` })), { code: 'ERR_INPUT_OPEN' });
});

test('lines of a manifest are whole wherever a read ends', async (t) => {
  const names = Array.from({ length: 5000 }, (_, i) => `${'ä'.repeat(i % 40)}${i}`);
  const manifest = tempFile(t, `${names.map((name) => JSON.stringify(name)).join('\r\n')}\n`, 'list.ndjson');
  t.deepEqual(await paths('none', { manifest }), names);
});

test('5,000 files in one folder: none is lost, and a stalled consumer stops the walk', async (t) => {
  const folder = tempFolder(t);
  makeFiles(
    folder,
    Array.from({ length: 5000 }, (_, i) => `${i}`),
  );
  let asked = 0;
  const patterns = (function* () {
    for (;;) {
      asked++;
      yield folder;
      if (asked === 2) return;
    }
  })();
  const sink = new StallingSink<Found>();
  const done = drain(fromFiles(patterns), sink.take, { highWaterMark: 8 });
  await until(() => asked === 1);
  await quiet(() => asked);
  t.is(asked, 1);
  sink.release();
  await done;
  t.is(sink.values.length, 10_000);
  t.is(new Set(sink.values.map(({ path }) => path)).size, 5000);
});

test('who leaves ends the walk', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, ['a', 'b']);
  let isEnded = false;
  const patterns = (async function* () {
    try {
      for (;;) yield folder;
    } finally {
      isEnded = true;
    }
  })();
  t.is((await firstValueFrom(fromFiles(patterns))).kind, 'file');
  await quiet(() => Number(isEnded));
  t.true(isEnded);
});

test('what cannot be used is refused at the call', (t) => {
  const wrong: [unknown, FromFilesOptions?][] = [
    [''],
    [undefined],
    [7],
    [{}],
    [{ manifest: '' }],
    ['a', { include: 'x' as never }],
    ['a', { exclude: [''] }],
  ];
  for (const [files, options] of wrong) {
    t.throws(() => fromFiles(files as FilesSource, options), { code: 'ERR_OPTION' });
  }
});
