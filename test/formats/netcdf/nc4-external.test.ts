import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openFile } from '../../../src/bytes/file-input.ts';
import type { NetcdfOptions } from '../../../src/formats/netcdf/options.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { tempFolder } from '../../support/temp.ts';
import { fileOfExternalData } from '../hdf5/raw-file.ts';
import { end, issues, readAll, samples } from './read.ts';

/** The records of a file in `root` whose variable `/outside` has its four numbers in the file `name`. */
async function records(root: string, name: string, options: NetcdfOptions): Promise<ExtractionRecord[]> {
  const path = join(root, 'main.nc');
  writeFileSync(path, fileOfExternalData([4], [{ name, offset: 0, lengthBytes: 16 }]));
  const input = openFile(path);
  try {
    return await readAll(input, options);
  } finally {
    await input.close();
  }
}

function folders(t: ExecutionContext): { root: string; outside: string } {
  const folder = tempFolder(t);
  const root = join(folder, 'root');
  mkdirSync(root);
  const numbers = Buffer.from(Int32Array.of(1, 2, 3, 4).buffer);
  writeFileSync(join(root, 'a.bin'), numbers);
  const outside = join(folder, 'outside.bin');
  writeFileSync(outside, numbers);
  return { root, outside };
}

test('values in another file of the folder are read where that is asked for', async (t) => {
  const { root } = folders(t);
  const found = await records(root, 'a.bin', { followExternal: { root }, slices: { values: true } });
  t.deepEqual(issues(found), []);
  t.like(samples(found)[0], { path: '/outside', offset: undefined, value: { values: [1, 2, 3, 4] } });
  t.is(end(found).status, 'ok');
});

test('values in another file are reported, not read, by default', async (t) => {
  const { root } = folders(t);
  const found = await records(root, 'a.bin', { slices: true });
  t.like(issues(found)[0], { code: 'ERR_UNSUPPORTED', path: '/outside' });
  t.deepEqual(samples(found), []);
  t.is(end(found).status, 'partial');
});

test('no name and no symbolic link leads out of the folder', async (t) => {
  const { root, outside } = folders(t);
  symlinkSync(outside, join(root, 'link.bin'));
  for (const name of ['../outside.bin', outside, 'link.bin']) {
    const found = await records(root, name, { followExternal: { root }, slices: true });
    t.like(issues(found)[0], { code: 'ERR_INPUT_OPEN', path: '/outside' }, name);
    t.deepEqual(samples(found), [], name);
  }
});

test('a folder that is not there is a wrong option', async (t) => {
  const { root } = folders(t);
  const missing = { followExternal: { root: join(root, 'nowhere') } };
  await t.throwsAsync(records(root, 'a.bin', missing), { code: 'ERR_OPTION' });
});
