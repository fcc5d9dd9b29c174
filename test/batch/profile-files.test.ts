import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { profileFiles } from '../../src/batch/profile-files.ts';
import { KiB } from '../../src/units.ts';
import { tempFolder } from '../support/temp.ts';

test.serial('files are profiled under their formats, and one that is not there is an error', async (t) => {
  const folder = tempFolder(t);
  const paths = ['a.bin', 'b.bin', 'none.bin'].map((name) => join(folder, name));
  writeFileSync(paths[0]!, Buffer.alloc(64 * KiB, 1));
  writeFileSync(paths[1]!, Buffer.alloc(32 * KiB, 1));
  const seen: string[] = [];
  const log = await profileFiles(paths, { onFile: (path, { name }) => seen.push(`${path} ${name}`) });
  t.like(log.overall(), { count: 3, errorCount: 1, bytes: 96 * KiB });
  const [binary, unknown] = log.profiles();
  t.like(binary, { name: 'binary', count: 2, errorCount: 0, bytes: 96 * KiB });
  t.like(unknown, { name: 'unknown', count: 1, errorCount: 1, memoryRatio: undefined });
  t.is(typeof binary!.memoryRatio, 'number');
  t.deepEqual(seen, [`${paths[0]} binary`, `${paths[1]} binary`, `${paths[2]} unknown`]);
});

test.serial('a cancelled run and a wrong option end it', async (t) => {
  const path = join(tempFolder(t), 'a.bin');
  writeFileSync(path, Buffer.alloc(64 * KiB, 1));
  await t.throwsAsync(profileFiles([path], { signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' });
  await t.throwsAsync(profileFiles([path], { format: 'no such format' }), { code: 'ERR_FORMAT_UNKNOWN' });
});
