import { Readable } from 'node:stream';
import test from 'ava';
import fc from 'fast-check';
import type { File } from 'h5wasm';
import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { hdf5Format } from '../../../src/formats/hdf5/format.ts';
import { reader } from '../../../src/formats/hdf5/reader.ts';
import type { ObjectRecord } from '../../../src/records.ts';
import { classes, endOf, facts, h5File, recordsOf, SlowInput, values } from './h5-file.ts';
import { attribute, dataspace, hardLink, header, INT32, linkInfo, RawFile, u32 } from './raw-file.ts';

function tree(file: File): void {
  file.create_attribute('title', 'a tree');
  const group = file.create_group('a');
  group.create_dataset({ name: 'plain', data: new Float32Array([1, 2, 3, 4, 5, 6]), shape: [2, 3] });
  const grown = group.create_dataset({
    name: 'grown',
    data: new Int32Array(100),
    shape: [10, 10],
    maxshape: [null, 20],
    chunks: [4, 5],
    compression: 'gzip',
  });
  grown.create_attribute('units', 'm/s');
  grown.create_attribute('scale', 0.5, [], '<d');
  grown.create_attribute('big', new BigInt64Array([2n ** 60n, 3n]));
  group.create_attribute('many', new Float64Array(2000));
  file.create_hard_link('/a/grown', 'again');
  file.create_soft_link('/a/plain', 'soft');
  file.create_external_link('other.h5', '/x', 'outside');
}

for (const libver of ['earliest', 'v110', 'latest'] as const) {
  test(`objects, links and attributes of a file of libver ${libver} are records`, async (t) => {
    const records = await recordsOf(await h5File(tree, libver));
    t.is(endOf(records).status, 'ok');
    t.deepEqual(classes(records), {
      '/': 'group',
      '/a': 'group',
      '/a/grown': 'dataset',
      '/a/plain': 'dataset',
      '/again': 'link',
      '/outside': 'link',
      '/soft': 'link',
    });
    const fields = values(records);
    t.is(fields.get('/@title'), 'a tree');
    t.is(fields.get('/a/grown@units'), 'm/s');
    t.is(fields.get('/a/grown@scale'), 0.5);
    t.deepEqual(fields.get('/a/grown@big'), ['1152921504606846976', 3]);
    const many = records.find((record) => record.kind === 'field' && record.path === '/a@many');
    t.like(many, { value: null, bulk: true, dtype: '<f8', length: 16_000 });
    const grown = records.find((record) => record.kind === 'object' && record.path === '/a/grown') as ObjectRecord;
    t.like(grown, { dtype: '<i4', shape: [10, 10], maxShape: [null, 20], chunks: [4, 5], codec: 'deflate' });
    const outside = records.find((record) => record.kind === 'object' && record.path === '/outside');
    t.like(outside, { attributes: { link: 'external', file: 'other.h5', target: '/x' } });
  });
}

test('offset and length of a contiguous dataset and of an attribute are where the bytes stand', async (t) => {
  const bytes = await h5File((file) => {
    file.create_dataset({ name: 'd', data: new Int32Array([7, 8, 9]) });
    file.create_attribute('x', new Int32Array([5, 6]));
  });
  const records = await recordsOf(bytes);
  const dataset = records.find((record) => record.kind === 'object' && record.path === '/d') as ObjectRecord;
  t.deepEqual(
    [...new Int32Array(Uint8Array.from(bytes.subarray(dataset.offset!, dataset.offset! + 12)).buffer)],
    [7, 8, 9],
  );
  const field = records.find((record) => record.kind === 'field') as unknown as { offset: number; length: number };
  t.is(field.length, 8);
  t.is(bytes.readInt32LE(field.offset + 4), 6);
});

test('a group of many links and attributes is read from its heap', async (t) => {
  const bytes = await h5File((file) => {
    const group = file.create_group('wide');
    for (let index = 0; index < 500; index++) {
      group.create_group(`group-${index}`);
      group.create_attribute(`attribute-${index}`, index, [], '<i');
    }
  }, 'latest');
  t.true(bytes.includes('FRHP'));
  t.true(bytes.includes('FHIB'));
  const records = await recordsOf(bytes);
  t.is(endOf(records).status, 'ok');
  t.is(Object.keys(classes(records)).length, 502);
  const fields = values(records);
  t.is(fields.size, 500);
  for (let index = 0; index < 500; index++) t.is(fields.get(`/wide@attribute-${index}`), index);
});

test('a user block before the file moves all offsets', async (t) => {
  const plain = await h5File(tree);
  const moved = Buffer.concat([Buffer.alloc(2048, '#'), plain]);
  t.is(hdf5Format.likelihood(moved.subarray(0, 4096)), 1);
  const shift = (record: unknown) => ({ ...(record as object), offset: 0 });
  const records = await recordsOf(moved);
  t.deepEqual(
    facts(records).slice(1).map(shift),
    facts(await recordsOf(plain))
      .slice(1)
      .map(shift),
  );
  const [dataset, original] = await Promise.all(
    [moved, plain].map(async (bytes) =>
      (await recordsOf(bytes)).find((record) => 'path' in record && record.path === '/a/plain'),
    ),
  );
  t.is((dataset as ObjectRecord).offset, (original as ObjectRecord).offset! + 2048);
});

test('an attribute named __proto__ is a field like others', async (t) => {
  const file = new RawFile();
  const root = file.add(header(linkInfo(), attribute('__proto__', INT32, dataspace(), u32(7))));
  const records = await recordsOf(file.bytes(root));
  t.is(values(records).get('/@__proto__'), 7);
  t.is(endOf(records).status, 'ok');
  t.is(({} as Record<string, unknown>)['7'], undefined);
});

test('names and texts that are no UTF-8 are reported and do not end the read', async (t) => {
  const file = new RawFile();
  const group = file.add(header(linkInfo()));
  const link = hardLink('?', group);
  link[link.indexOf('?'.charCodeAt(0))] = 0xff;
  const root = file.add(header(linkInfo(), link));
  const records = await recordsOf(file.bytes(root));
  t.true(
    records.some((record) => record.kind === 'issue' && record.code === 'ERR_TEXT' && record.severity === 'warning'),
  );
  t.is(endOf(records).status, 'ok');
});

test('records do not depend on how bytes come, on the page cache or on batches', async (t) => {
  const files = [await h5File(tree, 'earliest'), await h5File(tree, 'latest')];
  const expected = await Promise.all(files.map(async (bytes) => facts(await recordsOf(bytes, { slices: true }))));
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1),
      fc.boolean(),
      fc.constantFrom(1024, 65_536, 1_048_576),
      fc.integer({ min: 1, max: 300 }),
      fc.constantFrom(32_768, 2_097_152),
      async (which, isSlow, chunkBytes, batchCount, cacheBytes) => {
        const input = isSlow ? new SlowInput(files[which]!) : new MemoryInput(files[which]!);
        const records = await recordsOf(input, { slices: true, chunkBytes, batchCount, cacheBytes });
        t.deepEqual(facts(records), expected[which]);
      },
    ),
    { numRuns: 30 },
  );
});

function pipe(bytes: Buffer): Input {
  const chunks = Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)])[Symbol.asyncIterator]();
  const input = {
    ...{ name: 'memory:', sizeBytes: undefined, mtime: undefined, isSeekable: false, bytesRead: 0 },
    read: async (offset: number) => {
      const next = await chunks.next();
      return { bytes: next.done ? Buffer.alloc(0) : (next.value as Buffer), offset, release: () => {} };
    },
    close: () => {},
  };
  return input;
}

test('a small pipe is read into memory, a larger one is refused with a hint', async (t) => {
  const bytes = await h5File(tree);
  const records = await recordsOf(pipe(bytes));
  t.deepEqual(facts(records).slice(1), facts(await recordsOf(bytes)).slice(1));
  const refused = await recordsOf(pipe(bytes), { maxBufferedBytes: 1000 });
  t.is(endOf(refused).status, 'failed');
  t.like(refused[1], { kind: 'issue', code: 'ERR_NOT_SEEKABLE' });
});

test('limits end the read with what was found before', async (t) => {
  const bytes = await h5File(tree);
  for (const options of [{ maxObjects: 2 }, { maxRecords: 2 }, { maxDepth: 1 }]) {
    const records = await recordsOf(bytes, options);
    t.is(endOf(records).status, 'partial');
    t.like(records.at(-2), { kind: 'issue', code: 'ERR_LIMIT' });
  }
});

test('what is no HDF5 fails', async (t) => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(5000)]) {
    const records = await recordsOf(bytes);
    t.is(endOf(records).status, 'failed');
    t.is(hdf5Format.likelihood(bytes), 0);
  }
});

test('a wrong option throws at the call', (t) => {
  const input = new MemoryInput(Buffer.alloc(0));
  for (const options of [{ maxBufferedBytes: -1 }, { cacheBytes: 0.5 }, { maxDepth: 0 }]) {
    t.throws(() => reader.read(input, options), { code: 'ERR_OPTION' });
  }
});
