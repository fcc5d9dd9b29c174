import test from 'ava';
import fc from 'fast-check';
import { lookup3 } from '../../../src/formats/hdf5/checksum.ts';
import { decodeLzf } from '../../../src/formats/hdf5/lzf.ts';
import { crop, regionsOf } from '../../../src/formats/hdf5/region.ts';
import { filteredHeap, hugeObject, lostOrder, sharedMessages } from './fixtures.ts';
import { classes, endOf, recordsOf, values } from './h5-file.ts';

test('messages that objects share are read from their heap', async (t) => {
  t.true(sharedMessages.includes('SMTB'));
  const records = await recordsOf(sharedMessages, { slices: true });
  t.is(endOf(records).status, 'ok');
  const fields = values(records);
  for (let index = 0; index < 12; index++)
    t.is(fields.get(`/@a${String(index).padStart(2, '0')}`), 'the same text again');
  for (const name of ['d0', 'd1', 'd2']) {
    t.is(fields.get(`/${name}@note`), 'the same text again');
    const object = records.find((record) => record.kind === 'object' && record.path === `/${name}`);
    t.like(object, { dtype: '<f8', shape: [4, 5], chunks: [2, 5], codec: 'deflate' });
    const samples = records.filter((record) => record.kind === 'sample' && record.path === `/${name}`);
    t.like((samples.at(-1) as { value: object }).value, { running: { count: 20, min: 0, max: 19, mean: 9.5 } });
  }
});

test('a heap that went through a filter is inflated', async (t) => {
  t.false(filteredHeap.includes('link number'));
  const records = await recordsOf(filteredHeap);
  t.is(endOf(records).status, 'ok');
  t.is(Object.values(classes(records)).filter((kind) => kind === 'link').length, 40);
  t.is(classes(records)['/wide/link number 039'], 'link');
});

test('an attribute that is too large for a heap block is found beside it', async (t) => {
  const records = await recordsOf(hugeObject);
  t.is(endOf(records).status, 'ok');
  t.is(values(records).get('/@huge'), 'x'.repeat(70_000));
  t.is(values(records).get('/@a8'), 8);
});

test('a heap block whose checksum is wrong is an error', async (t) => {
  const bytes = Buffer.from(hugeObject);
  const block = bytes.indexOf('FHDB');
  bytes[block + 40]! ^= 1;
  const records = await recordsOf(bytes);
  t.like(
    records.find((record) => record.kind === 'issue'),
    { code: 'ERR_CHECKSUM', path: '/' },
  );
});

test('lookup3 gives what its author says it gives', (t) => {
  const text = Buffer.from('Four score and seven years ago');
  t.is(lookup3(text, 0, 30), 0x17770551);
  t.is(lookup3(text, 0, 0), 0xdeadbeef);
});

test('lzf: literals, copies that overlap themselves, and what leaves its bounds', (t) => {
  const repeated = Buffer.from([0x00, 0x61, 0xe0, 0x05, 0x00]);
  t.is(decodeLzf(repeated, 100).toString(), 'a'.repeat(15));
  t.throws(() => decodeLzf(repeated, 10), { code: 'ERR_INFLATE' });
  t.throws(() => decodeLzf(Buffer.from([0x20, 0x05]), 100), { code: 'ERR_INFLATE' });
  t.throws(() => decodeLzf(Buffer.from([0x05, 0x61]), 100), { code: 'ERR_INFLATE' });
});

test('regions cover a dataset once, in order, each within the limit', (t) => {
  const shapes = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 4 });
  fc.assert(
    fc.property(
      shapes,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 200 }),
      (shape, elementBytes, maxBytes) => {
        const weights = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
        let next = 0;
        for (const { start, shape: own } of regionsOf(shape, elementBytes, maxBytes)) {
          t.is(
            start.reduce((sum, index, axis) => sum + index * weights[axis]!, 0),
            next,
          );
          const count = own.reduce((product, length) => product * length, 1);
          t.true(count * elementBytes <= Math.max(maxBytes, elementBytes));
          next += count;
        }
        t.is(
          next,
          shape.reduce((product, length) => product * length, 1),
        );
      },
    ),
  );
});

test('the part of a chunk inside the dataset is cut out element by element', (t) => {
  const chunk = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(chunk, fc.infiniteStream(fc.nat(4)), (chunkShape, cuts) => {
      const shape = chunkShape.map((length) => Math.max(1, length - (cuts.next().value ?? 0)));
      const total = chunkShape.reduce((product, length) => product * length, 1);
      const bytes = Buffer.from(Array.from({ length: total * 2 }, (_, index) => index & 0xff));
      const expected: number[] = [];
      for (let index = 0; index < total; index++) {
        let rest = index;
        let isInside = true;
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          if (rest % chunkShape[axis]! >= shape[axis]!) isInside = false;
          rest = Math.floor(rest / chunkShape[axis]!);
        }
        if (isInside) expected.push((index * 2) & 0xff, (index * 2 + 1) & 0xff);
      }
      t.deepEqual([...crop(bytes, chunkShape, shape, 2)], expected);
    }),
  );
});

test('an attribute that was written over is there, though the library has lost its order of creation', async (t) => {
  const records = await recordsOf(lostOrder);
  const values = records.flatMap((record) => (record.kind === 'field' ? [[record.name, record.value]] : []));
  t.deepEqual(values.sort(), [
    ['a0', 0],
    ['a1', 1],
    ['a2', 2],
    ['a3', 33],
    ['a4', 4],
    ['a5', 5],
    ['a6', 6],
    ['a7', 7],
    ['a8', 8],
  ]);
  t.is(endOf(records).status, 'ok');
});
