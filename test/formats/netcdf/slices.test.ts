import test from 'ava';
import fc from 'fast-check';
import { boxes } from '../../../src/formats/netcdf/boxes.ts';
import type { Json } from '../../../src/records.ts';
import { classicFile } from './classic-file.ts';
import { end, readAll, samples } from './read.ts';

test('boxes cover an array once, in order, and none is larger than asked for', (t) => {
  const shape = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 });
  fc.assert(
    fc.property(shape, fc.integer({ min: 1, max: 200 }), (lengths, maxCount) => {
      let next = 0;
      for (const box of boxes(lengths, maxCount)) {
        t.is(box.firstIndex, next);
        t.true(box.count <= maxCount);
        t.is(
          box.shape.reduce((product, length) => product * length, 1),
          box.count,
        );
        const first = box.start.reduce((index, start, axis) => index * lengths[axis]! + start, 0);
        t.is(first, box.firstIndex);
        next += box.count;
      }
      t.is(
        next,
        lengths.reduce((product, length) => product * length, 1),
      );
    }),
  );
});

const VALUES = Array.from({ length: 40 * 100 }, (_, index) => index);

test('values come in slabs of at most 1,024, aligned to rows', async (t) => {
  const file = classicFile({
    dimensions: [
      ['y', 40],
      ['x', 100],
    ],
    variables: [{ name: 'v', type: 'int', dimensions: [0, 1], values: VALUES }],
  });
  const found = samples(await readAll(file, { slices: { path: '/v', values: true } })).map(
    (sample) => sample.value as Record<string, Json>,
  );
  t.deepEqual(
    found.map((value) => [value.start, value.shape]),
    [
      [
        [0, 0],
        [10, 100],
      ],
      [
        [10, 0],
        [10, 100],
      ],
      [
        [20, 0],
        [10, 100],
      ],
      [
        [30, 0],
        [10, 100],
      ],
    ],
  );
  t.deepEqual(
    found.flatMap((value) => value.values as number[]),
    VALUES,
  );
  t.like(found.at(-1)!.running, { count: 4000, min: 0, max: 3999, mean: 1999.5 });
});

test('records longer than a slab are read one by one, and of them only what is wanted', async (t) => {
  const count = 90_000;
  const values = Array.from({ length: 2 * count }, (_, index) => index % 1000);
  const file = classicFile({
    recordCount: 2,
    dimensions: [
      ['time', 0],
      ['x', count],
    ],
    variables: [
      { name: 'a', type: 'int', dimensions: [0, 1], values },
      { name: 'b', type: 'short', dimensions: [0, 1], values },
    ],
  });
  const records = await readAll(file, { slices: { path: ['b'] } });
  const found = samples(records).map((sample) => sample.value as Record<string, Json>);
  t.deepEqual(
    found.map((value) => [value.start, value.shape]),
    [
      [
        [0, 0],
        [1, count],
      ],
      [
        [1, 0],
        [1, count],
      ],
    ],
  );
  t.like(found[1]!.running, { count: 2 * count, min: 0, max: 999 });
  t.true((end(records) as { bytesRead: number }).bytesRead < file.length);
});

test('text comes as rows, 64-bit integers keep all their digits', async (t) => {
  const file = classicFile({
    version: 5,
    dimensions: [
      ['n', 2],
      ['length', 5],
    ],
    variables: [
      { name: 'names', type: 'char', dimensions: [0, 1], values: 'ab\0\0\0hello' },
      { name: 'big', type: 'uint64', dimensions: [0], values: [2n ** 64n - 1n, 3n] },
    ],
  });
  const [names, big] = samples(await readAll(file, { slices: { values: true } }));
  t.like(names!.value, { values: ['ab', 'hello'] });
  t.like(big!.value, { values: ['18446744073709551615', 3] });
});
