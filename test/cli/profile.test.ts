import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { KiB } from '../../src/units.ts';
import { tempFolder } from '../support/temp.ts';
import { run } from './run.ts';

test('profile prints a table of the formats', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'a.bin'), Buffer.alloc(64 * KiB, 1));
  writeFileSync(join(folder, 'b.bin'), Buffer.alloc(64 * KiB, 2));
  const { code, stdout, stderr } = await run(['profile', folder]);
  t.is(code, 0);
  t.is(stderr, '');
  const [head, binary, overall] = stdout.split('\n');
  t.regex(head!, /^name +runs +errors +items +MiB +ms +CPU ms +GC ms +wait ms +queue +peak MiB +ratio$/);
  t.regex(binary!, /^binary +2 +0 +\d+ +0\.1 +/);
  t.regex(overall!, /^overall +2 +0 /);
});

test('profile --html writes a page, and what cannot be read is said and counted', async (t) => {
  const folder = tempFolder(t);
  const page = join(folder, 'report.html');
  writeFileSync(join(folder, 'a.bin'), Buffer.alloc(KiB, 1));
  writeFileSync(join(folder, 'cut.fits'), 'SIMPLE  =                    T');
  const { code, stdout, stderr } = await run(['profile', `${folder}/*.*`, `${folder}/none`, '--html', page]);
  t.is(code, 3);
  t.regex(stderr, /cut\.fits: not read to its end\n/);
  t.regex(stderr, /Cannot find .*none/);
  t.regex(stdout, /^fits +1 +1 /m);
  t.regex(readFileSync(page, 'utf8'), /<h1>tidegate profile .*none<\/h1>[\s\S]*cut\.fits/);
});

test('profile is told what is wrong with its options', async (t) => {
  t.like(await run(['profile']), { code: 2 });
  const unknown = await run(['profile', 'x', '--format', 'none']);
  t.is(unknown.code, 2);
  t.regex(unknown.stderr, /none/);
  const missing = await run(['profile', '.', '--html', join(tempFolder(t), 'no', 'folder.html')], {
    cwd: tempFolder(t),
  });
  t.is(missing.code, 1);
  t.regex(missing.stderr, /Cannot write .*folder\.html/);
});
