import test from 'ava';
import fc from 'fast-check';
import type { SampleRecord } from '../../../src/records.ts';
import { endOf, h5File, recordsOf, SlowInput } from './h5-file.ts';
import { dataset, hardLink, header, linkInfo, message, RawFile, u32 } from './raw-file.ts';

interface Stats {
  readonly start: number[];
  readonly shape: number[];
  readonly count: number;
  readonly nanCount: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly running: Stats;
  readonly values: number[];
  readonly unwritten: number;
  readonly fill: number;
}

async function samplesOf(
  bytes: Buffer,
  options = {},
): Promise<{ samples: SampleRecord[]; status: string; stats: Stats[] }> {
  const records = await recordsOf(new SlowInput(bytes), { slices: { values: true, ...options } });
  const samples = records.filter((record) => record.kind === 'sample');
  return { samples, status: endOf(records).status, stats: samples.map((sample) => sample.value as unknown as Stats) };
}

/** The whole dataset, put together from its samples. */
function assemble(stats: readonly Stats[], shape: readonly number[]): number[] {
  const out = new Array<number>(shape.reduce((product, length) => product * length, 1)).fill(Number.NaN);
  for (const { start, shape: own, values } of stats) {
    if (!start) continue;
    const flat = Array.isArray(values) ? values : [values];
    for (const [position, value] of flat.entries()) {
      let rest = position;
      let at = 0;
      let stride = 1;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += (start[axis]! + (rest % own[axis]!)) * stride;
        rest = Math.floor(rest / own[axis]!);
        stride *= shape[axis]!;
      }
      out[at] = value;
    }
  }
  return out;
}

const LAYOUTS: Record<string, { maxshape?: (number | null)[]; chunks?: number[]; signature?: string }> = {
  contiguous: {},
  'one chunk': { chunks: [23, 17] },
  'fixed array': { chunks: [3, 4], signature: 'FADB' },
  'fixed array in pages': { chunks: [1, 1], maxshape: [200, 100], signature: 'FADB' },
  'extensible array': { chunks: [3, 4], maxshape: [null, 17], signature: 'EADB' },
  'extensible array along the fast axis': { chunks: [1, 1], maxshape: [40, null], signature: 'EASB' },
  'B-tree': { chunks: [2, 2], maxshape: [null, null], signature: 'BTLF' },
};

for (const [name, { maxshape, chunks, signature }] of Object.entries(LAYOUTS)) {
  for (const libver of ['earliest', 'latest'] as const) {
    for (const compression of chunks ? [undefined, 'gzip' as const] : [undefined]) {
      test(`elements are read from: ${name}, ${libver}, ${compression ?? 'no filter'}`, async (t) => {
        const data = Int32Array.from({ length: 23 * 17 }, (_, index) => index * 7 - 100);
        const bytes = await h5File((file) => {
          const layout = { ...(maxshape ? { maxshape } : {}), ...(chunks ? { chunks } : {}) };
          file.create_dataset({ name: 'd', data, shape: [23, 17], ...layout, ...(compression ? { compression } : {}) });
        }, libver);
        if (signature && libver === 'latest') t.true(bytes.includes(signature));
        const { stats, status } = await samplesOf(bytes);
        t.is(status, 'ok');
        t.deepEqual(assemble(stats, [23, 17]), [...data]);
        const { running } = stats.at(-1)!;
        t.like(running, { count: 391, nanCount: 0, min: -100, max: 390 * 7 - 100 });
        t.true(Math.abs(running.mean - (195 * 7 - 100)) < 1e-9);
        t.true(Math.abs(running.std - 7 * Math.sqrt((391 ** 2 - 1) / 12)) < 1e-9);
      });
    }
  }
}

test('statistics equal those computed straight, for any numbers and chunks', async (t) => {
  const number = fc.oneof(
    fc.double({ noNaN: false, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
    fc.constant(Number.NaN),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(number, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      async (list, chunk) => {
        const bytes = await h5File((file) =>
          file.create_dataset({ name: 'd', data: Float64Array.from(list), chunks: [Math.min(chunk, list.length)] }),
        );
        const { running } = (await samplesOf(bytes)).stats.at(-1)!;
        const numbers = list.filter((value) => !Number.isNaN(value));
        t.is(running.count, numbers.length);
        t.is(running.nanCount, list.length - numbers.length);
        if (numbers.length === 0) return t.is(running.min, null as unknown as number);
        const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
        const std = Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length);
        t.is(running.min + 0, Math.min(...numbers) + 0);
        t.is(running.max + 0, Math.max(...numbers) + 0);
        t.true(Math.abs(running.mean - mean) <= 1e-6 + 1e-9 * Math.abs(mean));
        return t.true(Math.abs(running.std - std) <= 1e-4 + 1e-6 * std);
      },
    ),
    { numRuns: 25 },
  );
});

test('elements never written come last and count as the fill value', async (t) => {
  const file = new RawFile();
  const fill = message(5, Buffer.concat([Buffer.from([3, 0x20]), u32(4), u32(9)]));
  const written = dataset(2 ** 64 - 2 ** 12, [1000, 1000], 4_000_000, fill);
  // An address with all bits set: nothing was ever written.
  written.fill(0xff, written.indexOf(Buffer.from([3, 1])) + 2, written.indexOf(Buffer.from([3, 1])) + 10);
  const { lookup3 } = await import('../../../src/formats/hdf5/checksum.js');
  written.writeUInt32LE(lookup3(written, 0, written.length - 4), written.length - 4);
  const root = file.add(header(linkInfo(), hardLink('d', file.add(written))));
  const { stats, status } = await samplesOf(file.bytes(root));
  t.is(status, 'ok');
  t.like(stats, [{ unwritten: 1_000_000, fill: 9, count: 1_000_000, min: 9, max: 9, mean: 9, std: 0 }]);
});

test('only the datasets asked for are read', async (t) => {
  const bytes = await h5File((file) => {
    for (const group of ['a', 'ab']) {
      const made = file.create_group(group);
      for (const name of ['x', 'y']) made.create_dataset({ name, data: new Int8Array(3) });
    }
  });
  const paths = async (path: string | string[]) =>
    (await samplesOf(bytes, { path })).samples.map((sample) => sample.path);
  t.deepEqual(await paths('/a'), ['/a/x', '/a/y']);
  t.deepEqual(await paths(['/a/y', '/ab/x']), ['/a/y', '/ab/x']);
  t.deepEqual(await paths('/'), ['/a/x', '/a/y', '/ab/x', '/ab/y']);
  t.deepEqual(await paths('/none'), []);
});

test('text and 64-bit integers are values too', async (t) => {
  const bytes = await h5File((file) => {
    file.create_dataset({ name: 'long', data: new BigUint64Array([2n ** 63n, 1n]) });
    file.create_dataset({ name: 'text', data: ['one', 'three'] });
  });
  const { stats, status } = await samplesOf(bytes);
  t.is(status, 'ok');
  t.deepEqual(
    stats.map(({ values }) => values),
    [
      ['9223372036854775808', 1],
      ['one', 'three'],
    ] as never,
  );
  t.like(stats[0], { min: 1, max: '9223372036854775808' as never });
});

test('a chunk that inflates beyond the limits is an issue, and the next dataset is read', async (t) => {
  const bytes = await h5File((file) => {
    file.create_dataset({ name: 'a', data: new Int32Array(100_000), chunks: [100_000], compression: 'gzip' });
    file.create_dataset({ name: 'b', data: new Int32Array(3) });
  });
  const records = await recordsOf(bytes, { slices: { maxChunkBytes: 1000 } });
  t.like(
    records.find((record) => record.kind === 'issue'),
    { code: 'ERR_LIMIT', path: '/a' },
  );
  t.true(records.some((record) => record.kind === 'sample' && record.path === '/b'));
  t.is(endOf(records).status, 'partial');
  const ended = await recordsOf(bytes, { slices: true, maxInflateBytes: 1000 });
  t.like(ended.at(-2), { kind: 'issue', code: 'ERR_LIMIT' });
});
