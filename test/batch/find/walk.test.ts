import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Found } from '../../../src/batch/find/found.ts';
import { walk } from '../../../src/batch/find/walk.ts';
import { tempFolder } from '../../support/temp.ts';

async function collect(patterns: string[], options?: Parameters<typeof walk>[1]): Promise<Found[]> {
  const all: Found[] = [];
  for await (const found of walk(patterns, options)) all.push(found);
  return all;
}

/** Paths relative to `folder`; issues as `! path`. */
async function list(folder: string, patterns: string[], options?: Parameters<typeof walk>[1]): Promise<string[]> {
  const all = await collect(
    patterns.map((pattern) => join(folder, pattern)),
    options,
  );
  return all.map((found) => (found.kind === 'issue' ? '! ' : '') + found.path.slice(folder.length + 1));
}

function touch(folder: string, ...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
}

test('a folder gives all its files, depth first, in the order of the names', async (t) => {
  const folder = tempFolder(t);
  touch(folder, 'b', 'a/z', 'a/y/deep', 'B', '.hidden/x', '.dot', 'a-1', '10', '9', '\u00e9', '\u{1f300}');
  const expected = ['.dot', '.hidden/x', '10', '9', 'B', 'a/y/deep', 'a/z', 'a-1', 'b', '\u00e9', '\u{1f300}'];
  t.deepEqual(await list(folder, ['.']), expected);
  t.deepEqual(await list(folder, ['.', 'b']), [...expected, 'b']);
});

test('5,000 files in one folder, 200 folders in a folder: none is lost', async (t) => {
  const folder = tempFolder(t);
  touch(folder, ...Array.from({ length: 5000 }, (_, i) => `flat/${i}`));
  touch(folder, ...Array.from({ length: 400 }, (_, i) => `deep/${i % 200}/${i}`));
  t.is(new Set(await list(folder, ['flat'])).size, 5000);
  t.is(new Set(await list(folder, ['deep'])).size, 400);
});

test('globs: stars, questions, classes, braces, any depth; a dot only on request', async (t) => {
  const folder = tempFolder(t);
  touch(
    folder,
    'a1.dcm',
    'a2.fits',
    'b1.dcm',
    'sub/c1.dcm',
    'sub/deep/d1.dcm',
    '.h/e1.dcm',
    'sub/.f1.dcm',
    'x/y/z/g.nc',
  );
  t.deepEqual(await list(folder, ['*.dcm']), ['a1.dcm', 'b1.dcm']);
  t.deepEqual(await list(folder, ['[[:alpha:]]1.*']), ['a1.dcm', 'b1.dcm']);
  t.deepEqual(await list(folder, ['?1.*']), ['a1.dcm', 'b1.dcm']);
  t.deepEqual(await list(folder, ['[!b]*.{dcm,fits}']), ['a1.dcm', 'a2.fits']);
  t.deepEqual(await list(folder, ['**/*.dcm']), ['a1.dcm', 'b1.dcm', 'sub/c1.dcm', 'sub/deep/d1.dcm']);
  t.deepEqual(await list(folder, ['**/*1.dcm'], { dot: true }), [
    '.h/e1.dcm',
    'a1.dcm',
    'b1.dcm',
    'sub/.f1.dcm',
    'sub/c1.dcm',
    'sub/deep/d1.dcm',
  ]);
  t.deepEqual(await list(folder, ['**/.f*']), ['sub/.f1.dcm']);
  t.deepEqual(await list(folder, ['*/*.dcm']), ['sub/c1.dcm']);
  t.deepEqual(await list(folder, ['s*/**']), ['sub/c1.dcm', 'sub/deep/d1.dcm']);
  t.deepEqual(await list(folder, ['{sub/deep,x/y/z}/*']), ['sub/deep/d1.dcm', 'x/y/z/g.nc']);
  t.deepEqual(await list(folder, ['sub/../*.fits']), ['a2.fits']);
  t.deepEqual(await list(folder, ['*.hdf']), ['! *.hdf']);
});

test('a glob does not go into folders that cannot hold a match', async (t) => {
  const folder = tempFolder(t);
  touch(folder, 'a/1.dcm', 'b/2.dcm', 'a/deep/3.dcm');
  chmodSync(join(folder, 'b'), 0);
  chmodSync(join(folder, 'a/deep'), 0);
  t.deepEqual(await list(folder, ['a*/*.dcm']), ['a/1.dcm']);
  chmodSync(join(folder, 'b'), 0o700);
  chmodSync(join(folder, 'a/deep'), 0o700);
});

test('a name with special characters is taken by its name before it is taken for a glob', async (t) => {
  const folder = tempFolder(t);
  touch(folder, 'a[1].dcm', 'a1.dcm', 'new\nline', '-dash', 'esc\u001b[31m', ' space ', 'back\\slash', 'q?');
  t.deepEqual(await list(folder, ['a[1].dcm']), ['a[1].dcm']);
  t.deepEqual(await list(folder, ['new\nline', '-dash', 'esc\u001b[31m', ' space ', 'back\\slash', 'q?']), [
    'new\nline',
    '-dash',
    'esc\u001b[31m',
    ' space ',
    'back\\slash',
    'q?',
  ]);
  t.is((await list(folder, ['.'])).length, 8);
});

test('names that are not UTF-8 keep their bytes and stay distinct', async (t) => {
  const folder = tempFolder(t);
  const names = [
    Buffer.from([0x61, 0xff]),
    Buffer.from([0x61, 0xfe]),
    Buffer.from('caf\u00e9%FF\ufffd'),
    Buffer.from([0xed, 0xa0, 0x80]),
  ];
  try {
    for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), name);
  } catch {
    return t.pass('this file system has only names in UTF-8');
  }
  const all = await collect([folder]);
  const found = all.map((entry) => {
    if (entry.kind !== 'file') throw new Error(`an issue: ${entry.path}`);
    t.true(readFileSync(entry.name).length > 0);
    return entry.path.slice(folder.length + 1);
  });
  t.deepEqual(found, ['a%FE', 'a%FF', 'caf\u00e9%FF\ufffd', '%ED%A0%80']);
});

test('links are followed; loops end; a folder behind two links is walked once', async (t) => {
  const folder = tempFolder(t);
  touch(folder, 'a/file', 'outside/x');
  symlinkSync('..', join(folder, 'a/up'));
  symlinkSync('.', join(folder, 'a/self'));
  symlinkSync('../outside', join(folder, 'a/out1'));
  symlinkSync('../outside', join(folder, 'a/out2'));
  symlinkSync('file', join(folder, 'a/again'));
  symlinkSync('nowhere', join(folder, 'a/dangling'));
  symlinkSync('circle', join(folder, 'a/circle'));
  const all = await list(folder, ['a']);
  t.deepEqual(all, ['a/again', '! a/circle', '! a/dangling', 'a/file', 'a/out1/x', 'a/up/outside/x']);
});

test('links that double at each of 40 levels do not double the walk', async (t) => {
  const folder = tempFolder(t);
  for (let level = 0; level < 40; level++) mkdirSync(join(folder, `d${level}`));
  for (let level = 0; level < 39; level++) {
    symlinkSync(`../d${level + 1}`, join(folder, `d${level}/left`));
    symlinkSync(`../d${level + 1}`, join(folder, `d${level}/right`));
  }
  touch(folder, 'd39/file');
  t.is((await list(folder, ['d0'])).length, 1);
});

test('what cannot be read is an issue, and the walk goes on', async (t) => {
  const folder = tempFolder(t);
  touch(folder, 'a/1', 'locked/2', 'z');
  chmodSync(join(folder, 'locked'), 0);
  const isRoot = process.getuid?.() === 0;
  t.deepEqual(await list(folder, ['.']), ['a/1', isRoot ? 'locked/2' : '! locked', 'z']);
  chmodSync(join(folder, 'locked'), 0o700);
  const [missing] = await collect([join(folder, 'missing')]);
  t.like(missing, { kind: 'issue', error: { code: 'ERR_INPUT_OPEN' } });
  const [inFile] = await collect([join(folder, 'z/under')]);
  t.like(inFile, { kind: 'issue', error: { code: 'ERR_INPUT_OPEN' } });
});

test('a pipe is left out of a folder, and taken when it is named', async (t) => {
  const folder = tempFolder(t);
  touch(folder, 'a');
  if (spawnSync('mkfifo', [join(folder, 'pipe')]).status !== 0) return t.pass('no mkfifo here');
  t.deepEqual(await list(folder, ['.']), ['a']);
  t.deepEqual(await list(folder, ['pipe']), ['pipe']);
});

test('standard input, URLs, an async list, and a signal', async (t) => {
  const patterns = (async function* () {
    yield* ['-', 'https://example.org/a*b', 'file:///x'];
  })();
  const kinds: string[] = [];
  for await (const found of walk(patterns)) kinds.push(found.kind);
  t.deepEqual(kinds, ['stdin', 'url', 'url']);
  await t.throwsAsync(collect(['.'], { signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' });
});

test('20,000 files in 100 folders are walked in flat memory', (t) => {
  const folder = tempFolder(t);
  touch(folder, ...Array.from({ length: 20_000 }, (_, i) => `${i % 100}/a-rather-long-name-as-archives-have-${i}`));
  const module = new URL('../../../src/batch/find/walk.js', import.meta.url).href;
  const script = `const { walk } = await import('${module}'); let count = 0; gc(); gc();
    const before = process.memoryUsage().heapUsed; let peak = 0;
    for await (const found of walk([process.argv[1]])) if (++count % 4000 === 0) { gc(); peak = Math.max(peak, process.memoryUsage().heapUsed); }
    console.log(JSON.stringify({ count, heldBytes: peak - before }))`;
  const out = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script, folder], {
    encoding: 'utf8',
  });
  const { count, heldBytes } = JSON.parse(out);
  t.is(count, 20_000);
  t.true(heldBytes < 500_000, `${heldBytes} bytes held`);
});
