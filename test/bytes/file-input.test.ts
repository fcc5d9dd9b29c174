import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openFile } from '../../src/bytes/file-input.ts';
import { isPromise } from '../../src/bytes/input.ts';
import { BufferPool } from '../../src/memory/buffer-pool.ts';
import { KiB, MiB } from '../../src/units.ts';
import { readAll } from '../support/read-all.ts';
import { tempFile, tempFolder } from '../support/temp.ts';
import { until } from '../support/until.ts';

const counted = Buffer.from(Array.from({ length: 3 * MiB + 5 }, (_, index) => (index * 7 + (index >> 8)) & 0xff));

for (const isSync of [true, false]) {
  const how = isSync ? 'synchronously' : 'asynchronously';

  test(`a file is read ${how} at any offset, and no memory stays out`, async (t) => {
    const pool = new BufferPool();
    const path = tempFile(t, counted);
    utimesSync(path, 0, 86_400);
    const input = openFile(path, { isSync, pool });
    t.like(input, { name: path, sizeBytes: counted.length, mtime: '1970-01-02T00:00:00.000Z', isSeekable: true });
    for (const [offset, lengthBytes] of [
      [0, 10],
      [MiB, 300_000],
      [MiB + 300_000, 300_000],
      [7, 9],
      [counted.length - 3, 99],
    ] as const) {
      const chunk = await input.read(offset, lengthBytes);
      t.is(chunk.offset, offset);
      t.true(chunk.bytes.equals(counted.subarray(offset, offset + lengthBytes)));
      chunk.release();
    }
    t.is((await input.read(counted.length, 10)).bytes.length, 0);
    t.is((await input.read(counted.length + 10, 10)).bytes.length, 0);
    t.is(input.bytesRead, 10 + 600_000 + 9 + 3);
    await input.close();
    await input.close();
    await until(() => pool.stats().inUse === 0);
    t.pass();
  });

  test(`a scan ${how} gives the file, whatever the chunks`, async (t) => {
    const path = tempFile(t, counted);
    for (const chunkBytes of [1000, 64 * KiB, 256 * KiB, 4 * MiB]) {
      const { bytes, error } = await readAll(openFile(path, { isSync }), chunkBytes);
      t.is(error, undefined);
      t.true(bytes.equals(counted), `chunks of ${chunkBytes}`);
    }
  });

  test(`a file that gets shorter while it is read ${how} is an error, never zeros`, async (t) => {
    const path = tempFile(t, counted);
    const input = openFile(path, { isSync });
    truncateSync(path, MiB);
    const error = await t.throwsAsync(async () => input.read(MiB - 10, 20), { code: 'ERR_INPUT_CHANGED' });
    t.like(error, { offset: MiB, file: path });
    (await input.read(0, 20)).release();
    await input.close();
  });

  test(`reads ${how} after close, or with an aborted signal, fail`, async (t) => {
    const input = openFile(tempFile(t, counted), { isSync });
    await t.throwsAsync(async () => input.read(0, 1, AbortSignal.abort(new Error('enough'))), { message: 'enough' });
    await input.close();
    await t.throwsAsync(async () => input.read(0, 1), { code: 'ERR_INPUT_READ' });
  });
}

test('a synchronous read needs no promise', (t) => {
  const input = openFile(tempFile(t, counted), { isSync: true });
  const chunk = input.read(0, 10);
  t.false(isPromise(chunk));
  if (!isPromise(chunk)) chunk.release();
  input.close();
});

test('more than two reads at once are all answered', async (t) => {
  const input = openFile(tempFile(t, counted));
  const offsets = [5, 900_000, 3, 2_000_000, 77, 1_000_000];
  const chunks = await Promise.all(offsets.map((offset) => input.read(offset, 1000)));
  for (const chunk of chunks) {
    t.true(chunk.bytes.equals(counted.subarray(chunk.offset, chunk.offset + 1000)));
    chunk.release();
  }
  await input.close();
});

test('an abort rejects the read at once, and its memory comes back', async (t) => {
  const pool = new BufferPool();
  const input = openFile(tempFile(t, counted), { pool });
  const controller = new AbortController();
  const read = input.read(0, MiB, controller.signal);
  controller.abort(new Error('enough'));
  await t.throwsAsync(async () => read, { message: 'enough' });
  await input.close();
  await until(() => pool.stats().inUse === 0);
  t.pass();
});

test('an empty file is an empty input', async (t) => {
  const input = openFile(tempFile(t, ''));
  t.is(input.sizeBytes, 0);
  t.is((await readAll(input, 10)).bytes.length, 0);
});

test('what cannot be opened is an ERR_INPUT_OPEN that names it', (t) => {
  const folder = tempFolder(t);
  const secret = join(folder, 'secret');
  mkdirSync(join(folder, 'inner'));
  writeFileSync(secret, 'x');
  chmodSync(secret, 0);
  const isRoot = process.getuid?.() === 0;
  for (const path of [join(folder, 'none'), join(folder, 'inner'), join(secret, 'x'), ...(isRoot ? [] : [secret])]) {
    const error = t.throws(() => openFile(path), { code: 'ERR_INPUT_OPEN' });
    t.like(error, { file: path });
    t.true(error?.message.startsWith(`Cannot open ${path}: `));
  }
});

const onUnix = spawnSync('mkfifo', ['--version']).error === undefined ? test : test.skip;

onUnix('a FIFO is read to its end, also when its writer comes late', async (t) => {
  const path = join(tempFolder(t), 'pipe');
  execFileSync('mkfifo', [path]);
  const input = openFile(path);
  t.like(input, { isSeekable: false, sizeBytes: undefined });
  const writer = spawn('sh', ['-c', 'sleep 0.2; head -c 200000 /dev/zero > "$0"; ', path], { stdio: 'inherit' });
  t.deepEqual(await readAll(input, 30_000), { bytes: Buffer.alloc(200_000) });
  writer.kill();
});

onUnix('a FIFO without a writer can be closed', async (t) => {
  const path = join(tempFolder(t), 'pipe');
  execFileSync('mkfifo', [path]);
  const input = openFile(path);
  const controller = new AbortController();
  const read = input.read(0, 10, controller.signal);
  controller.abort(new Error('enough'));
  await t.throwsAsync(async () => read, { message: 'enough' });
  await input.close();
});

onUnix('a device is read front to back', async (t) => {
  const input = openFile('/dev/zero');
  t.false(input.isSeekable);
  const chunk = await input.read(100_000, 100_000);
  t.true(chunk.bytes.equals(Buffer.alloc(100_000)));
  chunk.release();
  await input.close();
  t.is((await readAll(openFile('/dev/null'), 10)).bytes.length, 0);
});

(process.platform === 'linux' ? test : test.skip)(
  'a file of /proc, which claims to be empty, is read to its end',
  async (t) => {
    const { bytes, error } = await readAll(openFile('/proc/self/status'), 100);
    t.is(error, undefined);
    t.regex(bytes.toString(), /VmHWM/);
  },
);
