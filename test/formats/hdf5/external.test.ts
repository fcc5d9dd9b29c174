import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openFile } from '../../../src/bytes/file-input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import type { Hdf5Options } from '../../../src/formats/hdf5/options.ts';
import { reader } from '../../../src/formats/hdf5/reader.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { tempFolder } from '../../support/temp.ts';
import { classes, endOf, h5File, recordsOf } from './h5-file.ts';
import { fileOfExternalData } from './raw-file.ts';

/** A folder `root` with a file of a group, and a file beside that folder. */
async function folders(t: ExecutionContext): Promise<{ root: string; outside: string }> {
  const folder = tempFolder(t);
  const root = join(folder, 'root');
  mkdirSync(root);
  const other = await h5File((file) => {
    const group = file.create_group('g');
    group.create_dataset({ name: 'x', data: Int32Array.of(1, 2, 3) }).create_attribute('units', 'm');
    file.create_external_link('main.h5', '/', 'back');
    file.create_external_link('other.h5', '/g', 'again');
  });
  writeFileSync(join(root, 'other.h5'), other);
  const outside = join(folder, 'outside.h5');
  writeFileSync(outside, other);
  return { root, outside };
}

/** The records of a file with an external link `/out`. */
async function linked(root: string, file: string, target: string, options: Hdf5Options): Promise<ExtractionRecord[]> {
  const path = join(root, 'main.h5');
  writeFileSync(path, await h5File((made) => made.create_external_link(file, target, 'out')));
  const input = openFile(path);
  const records = await recordsOf(input, options);
  await input.close();
  return records;
}

const issueOf = (records: readonly ExtractionRecord[]) => records.find((record) => record.kind === 'issue');

test('an external link into the folder is followed: what it leads to is read under its path', async (t) => {
  const { root } = await folders(t);
  const records = await linked(root, 'other.h5', '/g', { followExternal: { root }, slices: { values: true } });
  t.deepEqual(issueOf(records), undefined);
  t.deepEqual(classes(records), { '/': 'group', '/out': 'group', '/out/x': 'dataset' });
  const dataset = records.find((record) => record.kind === 'object' && record.class === 'dataset');
  t.like(dataset, { attributes: { file: 'other.h5' }, offset: undefined });
  t.like(
    records.find((record) => record.kind === 'field'),
    { path: '/out/x@units', value: 'm', offset: undefined },
  );
  const sample = records.find((record) => record.kind === 'sample');
  t.like(sample, { path: '/out/x', offset: undefined, value: { values: [1, 2, 3] } });
  t.is(endOf(records).status, 'ok');
});

test('links that lead back end, each object that they lead to is read once', async (t) => {
  const { root } = await folders(t);
  const records = await linked(root, 'other.h5', '/', { followExternal: { root } });
  t.deepEqual(issueOf(records), undefined);
  const objects = records.flatMap((record) => (record.kind === 'object' ? [`${record.class} ${record.path}`] : []));
  t.deepEqual(objects, [
    'group /',
    'link /out',
    'group /out',
    'link /out/again',
    'group /out/again',
    'dataset /out/again/x',
    'link /out/back',
    'group /out/back',
    'link /out/back/out',
    'group /out/g',
    'dataset /out/g/x',
  ]);
});

test('nothing is followed unless it is asked for', async (t) => {
  const { root } = await folders(t);
  const records = await linked(root, 'other.h5', '/g', { slices: true });
  t.deepEqual(classes(records), { '/': 'group', '/out': 'link' });
  t.is(endOf(records).status, 'ok');
});

/** What files call the file outside. */
const WAYS_OUT: Readonly<Record<string, (outside: string, root: string) => string>> = {
  'by ..': () => '../outside.h5',
  'by an absolute path': (outside) => outside,
  'by a symbolic link': (outside, root) => {
    symlinkSync(outside, join(root, 'inside.h5'));
    return 'inside.h5';
  },
  'by a symbolic link to its folder': (_, root) => {
    symlinkSync('..', join(root, 'up'));
    return 'up/outside.h5';
  },
  'by an absolute path to what is not there': () => '/none/at/all.h5',
};

for (const [way, nameOf] of Object.entries(WAYS_OUT)) {
  test(`a file outside of the folder is refused: ${way}`, async (t) => {
    const { root, outside } = await folders(t);
    const name = nameOf(outside, root);
    const records = await linked(root, name, '/g', { followExternal: { root }, slices: true });
    t.like(issueOf(records), { code: 'ERR_INPUT_OPEN', severity: 'error', path: '/out' });
    t.regex(issueOf(records)!.message, /outside of followExternal\.root/);
    t.is(endOf(records).status, 'partial');
    const bytes = fileOfExternalData([4], [{ name, offset: 0, lengthBytes: 16 }]);
    writeFileSync(join(root, 'data.h5'), bytes);
    const input = openFile(join(root, 'data.h5'));
    const data = await recordsOf(input, { followExternal: { root }, slices: true });
    await input.close();
    t.like(issueOf(data), { code: 'ERR_INPUT_OPEN', path: '/outside' });
    t.false(data.some((record) => record.kind === 'sample'));
  });
}

test('what is missing, no file, no HDF5 or not in the file is an issue of the link', async (t) => {
  const { root } = await folders(t);
  mkdirSync(join(root, 'folder'));
  writeFileSync(join(root, 'text'), 'no HDF5');
  for (const [file, target, code] of [
    ['none.h5', '/', 'ERR_INPUT_OPEN'],
    ['folder', '/', 'ERR_INPUT_OPEN'],
    ['text', '/', 'ERR_MALFORMED'],
    ['other.h5', '/g/none', 'ERR_MALFORMED'],
    ['other.h5', '/back/x', 'ERR_UNSUPPORTED'],
  ] as const) {
    const records = await linked(root, file, target, { followExternal: { root } });
    t.like(issueOf(records), { code, path: '/out' }, `${file} ${target}`);
    t.is(endOf(records).status, 'partial');
  }
});

test('external data in the folder are read, piece by piece', async (t) => {
  const { root } = await folders(t);
  writeFileSync(join(root, 'a.bin'), Buffer.from(Int32Array.of(9, 1, 2).buffer));
  writeFileSync(join(root, 'b.bin'), Buffer.from(Int32Array.of(3, 4).buffer));
  const bytes = fileOfExternalData(
    [4],
    [
      { name: 'a.bin', offset: 4, lengthBytes: 8 },
      { name: 'b.bin', offset: 0, lengthBytes: 8 },
    ],
  );
  // Without a place of its own the names are taken in the folder.
  const records = await recordsOf(new MemoryInput(bytes), { followExternal: { root }, slices: { values: true } });
  t.deepEqual(issueOf(records), undefined);
  const sample = records.find((record) => record.kind === 'sample');
  t.like(sample, { path: '/outside', offset: undefined, value: { values: [1, 2, 3, 4] } });
});

test('external data that are too short are an error before anything is allocated', async (t) => {
  const { root } = await folders(t);
  writeFileSync(join(root, 'a.bin'), Buffer.alloc(8));
  const bytes = fileOfExternalData([2 ** 40], [{ name: 'a.bin', offset: 0, lengthBytes: 2 ** 42 }]);
  const records = await recordsOf(new MemoryInput(bytes), { followExternal: { root }, slices: true });
  t.like(issueOf(records), { code: 'ERR_TRUNCATED_INPUT', path: '/outside' });
});

test('a folder that does not exist is a wrong option', (t) => {
  const call = () => reader.read(new MemoryInput(Buffer.alloc(0)), { followExternal: { root: '/none/at/all' } });
  t.throws(call, { code: 'ERR_OPTION', message: /followExternal\.root/ });
});
