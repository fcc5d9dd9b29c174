import { spawnSync } from 'node:child_process';
import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { FallbackDecoder } from '../../../src/formats/hdf5/fallback/decoder.ts';
import { MiB } from '../../../src/units.ts';
import { tempFile } from '../../support/temp.ts';
import { endOf, h5File, recordsOf } from './h5-file.ts';
import { loopingFile } from './looping-file.ts';

const DATA = Int32Array.from({ length: 64 }, (_, index) => index * 3);
const FILTERS: Record<string, [number, number[]]> = { szip: [4, [4, 8]], nbit: [5, []], scaleoffset: [6, [2, 0]] };
const LIMITS = { timeoutMs: 20_000, memoryBytes: 128 * 2 ** 20 };

function filtered(name: keyof typeof FILTERS): Promise<Buffer> {
  const [compression, compression_opts] = FILTERS[name]!;
  return h5File((file) => file.create_dataset({ name: 'd', data: DATA, chunks: [32], compression, compression_opts }));
}

for (const name of Object.keys(FILTERS)) {
  test(`the filter ${name} is undone by the library in a worker`, async (t) => {
    const records = await recordsOf(await filtered(name), { slices: { values: true } });
    const values = records.flatMap((record) =>
      record.kind === 'sample' ? (record.value as { values: number[] }).values : [],
    );
    t.deepEqual(values, [...DATA]);
    t.is(endOf(records).status, 'ok');
  });
}

test('without the fallback such a dataset is an issue, its structure is there', async (t) => {
  const records = await recordsOf(await filtered('nbit'), { slices: true, fallback: false });
  t.like(
    records.find((record) => record.kind === 'object' && record.path === '/d'),
    { codec: 'nbit', shape: [64] },
  );
  t.like(
    records.find((record) => record.kind === 'issue'),
    { code: 'ERR_UNSUPPORTED', path: '/d' },
  );
  t.is(endOf(records).status, 'partial');
});

test('what the library cannot read is an error, never the memory that was there before', async (t) => {
  const decoder = new FallbackDecoder(new MemoryInput(await filtered('nbit')), LIMITS, undefined);
  await t.throwsAsync(decoder.read('/none', { start: [0], shape: [4] }, 4), { code: 'ERR_UNSUPPORTED' });
  await t.throwsAsync(decoder.read('/d', { start: [60], shape: [8] }, 4), { code: 'ERR_UNSUPPORTED' });
  // The worker was replaced, and works.
  t.is((await decoder.read('/d', { start: [2], shape: [1] }, 4)).readInt32LE(), 6);
  await decoder.close();
});

test('a block larger than a quarter of the memory is refused, a deadline kills the worker', async (t) => {
  const bytes = await filtered('nbit');
  const decoder = new FallbackDecoder(new MemoryInput(bytes), LIMITS, undefined);
  await t.throwsAsync(decoder.read('/d', { start: [0], shape: [2 ** 24] }, 4), { code: 'ERR_LIMIT' });
  const hurried = new FallbackDecoder(new MemoryInput(bytes), { ...LIMITS, timeoutMs: 1 }, undefined);
  await t.throwsAsync(hurried.read('/d', { start: [0], shape: [4] }, 4), { code: 'ERR_TIMEOUT' });
});

test('a file that makes the library loop ends at the memory limit, and others are read after it', async (t) => {
  const options = { slices: true, fallback: { memoryBytes: 96 * MiB } } as const;
  const records = await recordsOf(await loopingFile(), options);
  t.like(
    records.find((record) => record.kind === 'issue'),
    { code: 'ERR_UNSUPPORTED', path: '/d' },
  );
  t.is(endOf(records).status, 'partial');
  t.is(endOf(await recordsOf(await filtered('nbit'), options)).status, 'ok');
});

test('the library is killed at the deadline: a process that met such a file has nothing left to wait for', async (t) => {
  const path = tempFile(t, await loopingFile(), 'looping.h5');
  // With so much memory it would loop for many seconds more.
  const options = { slices: true, fallback: { timeoutMs: 700, memoryBytes: 2048 * MiB } };
  const script = `
    import { openFile } from ${JSON.stringify(new URL('../../../src/bytes/file-input.js', import.meta.url).href)};
    import { reader } from ${JSON.stringify(new URL('../../../src/formats/hdf5/reader.js', import.meta.url).href)};
    const input = openFile(process.argv[1]);
    const seen = [];
    for await (const batch of reader.read(input, ${JSON.stringify(options)}))
      for (const record of batch) if (record.kind === 'issue' || record.kind === 'end') seen.push(record.code ?? record.status);
    input.close();
    console.log(seen.join(' '));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script, path], { timeout: 60_000 });
  t.is(child.signal, null, 'it ended by itself');
  t.is(child.stdout.toString().trim(), 'ERR_TIMEOUT partial', child.stderr.toString());
});

test('cancelling ends the worker', async (t) => {
  const controller = new AbortController();
  const decoder = new FallbackDecoder(new MemoryInput(await filtered('nbit')), LIMITS, controller.signal);
  const pending = decoder.read('/d', { start: [0], shape: [4] }, 4);
  controller.abort(new Error('enough'));
  await t.throwsAsync(pending, { message: 'enough' });
});
