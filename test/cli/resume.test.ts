import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { runs } from '../support/runs.ts';
import { tempFolder } from '../support/temp.ts';
import { framedFiles, makeFiles, records, run, start } from './run.ts';

const names = (count: number) => Array.from({ length: count }, (_, i) => `in/${i}.txt`);
const textOf = (path: string) =>
  path.endsWith('.gz') ? `${gunzipSync(readFileSync(path))}` : readFileSync(path, 'utf8');

for (const [to, jobs] of [
  ['out.ndjson', '0'],
  ['out.ndjson.gz', '0'],
  ['out.ndjson', '1'],
] as const) {
  test(`${to}, --jobs ${jobs}: killed and gone on with, every file is there whole and once`, async (t) => {
    const folder = tempFolder(t);
    const files = names(1000);
    makeFiles(folder, files);
    const args = ['extract', 'in', '--to', to, '--resume', '--jobs', jobs];
    for (let kill = 0; kill < runs(10); kill++) {
      const child = start(args, { cwd: folder });
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 300 + Math.random() * 700);
      await once(child, 'close');
      clearTimeout(timer);
    }
    t.is((await run(args, { cwd: folder })).code, 0);
    const seen = framedFiles(records(textOf(join(folder, to))));
    t.deepEqual([...seen.keys()].sort(), files.toSorted());
    const again = await run(args, { cwd: folder });
    t.deepEqual(again, { code: 0, signal: null, stdout: '', stderr: 'tidegate: 1000 were there already\n' });
    t.deepEqual(readdirSync(folder).sort(), ['in', to, `${to}.journal`].sort());
  });
}

test('files that have changed since are read anew, and new ones are read', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, names(4));
  const args = ['extract', 'in', '--to', 'out.ndjson', '--resume'];
  await run(args, { cwd: folder });
  writeFileSync(join(folder, 'in/2.txt'), 'changed content of another length');
  makeFiles(folder, ['in/new.txt']);
  const { stderr } = await run(args, { cwd: folder });
  t.is(stderr, 'tidegate: 3 were there already\n');
  const all = records(textOf(join(folder, 'out.ndjson')));
  const begun = all.filter(({ kind }) => kind === 'file').map(({ file, size }) => [file, size]);
  t.deepEqual(begun.slice(4).sort(), [
    ['in/2.txt', 33],
    ['in/new.txt', 21],
  ]);
});

test('a file that an interrupt cut short is not in the output until a run reads it whole', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, ['a']);
  const args = ['extract', 'a', '-', '--to', 'out.ndjson', '--resume'];
  const child = start(args, { cwd: folder });
  child.stdin.write('some bytes of standard input');
  const out = join(folder, 'out.ndjson');
  while (!existsSync(out) || readFileSync(out, 'utf8') === '') await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  t.deepEqual(await once(child, 'close'), [130, null]);
  t.deepEqual([...framedFiles(records(textOf(out))).keys()], ['a']);
  t.is((await run(args, { cwd: folder, input: 'all bytes' })).code, 0);
  t.deepEqual([...framedFiles(records(textOf(out))).keys()], ['a', '-']);
});

test('--resume needs an output, and one that it can go on with', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, ['a']);
  const nowhere = await run(['extract', 'a', '--resume'], { cwd: folder });
  t.is(nowhere.code, 2);
  t.regex(nowhere.stderr, /--resume needs --to/);
  writeFileSync(join(folder, 'out.ndjson'), 'not ours\n');
  const other = await run(['extract', 'a', '--to', 'out.ndjson', '--resume'], { cwd: folder });
  t.is(other.code, 1);
  t.regex(other.stderr, /Cannot go on with out.ndjson: it has no journal beside it/);
  t.is(readFileSync(join(folder, 'out.ndjson'), 'utf8'), 'not ours\n');
});

test('into a DuckDB database and a folder of Parquet, run by run', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, names(3));
  for (const to of ['out.duckdb', 'out.parquet']) {
    const args = ['extract', 'in', '--to', to, '--resume'];
    t.is((await run(args, { cwd: folder })).code, 0);
    t.is((await run(args, { cwd: folder })).stderr, 'tidegate: 3 were there already\n');
  }
  t.deepEqual(readdirSync(join(folder, 'out.parquet')), ['part-000001.parquet']);
});

test('a database that is not there is exit 1 with the reason', async (t) => {
  const { code, stderr } = await run(['extract', '-', '--to', 'postgres://me:secret@127.0.0.1:1/none'], { input: 'x' });
  t.is(code, 1);
  t.regex(stderr, /Cannot open PostgreSQL at 127.0.0.1:1\/none: .*ECONNREFUSED/);
  t.notRegex(stderr, /secret/);
});
