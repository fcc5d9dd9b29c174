import test from 'ava';
import * as rx from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { zip } from '../../src/operators/index.ts';
import { counted, quiet, StallingSink, tally } from '../support/sources.ts';

test('zip makes tuples in order and ends with the shorter input', async (t) => {
  const tuples = await rx.lastValueFrom(zip(counted('sync', 100), counted('async', 40)).pipe(rx.toArray()));
  t.deepEqual(
    tuples,
    Array.from({ length: 40 }, (_, i) => [i, i]),
  );
});

test('inputs of unequal pace are held to the mark, and none is given more room', async (t) => {
  const fast = tally();
  const slow = counted('io', 300).pipe(rx.concatMap(async (value) => value));
  let reliefs = 0;
  const zipped = zip([counted('sync', 300, fast), slow], { onRelief: () => reliefs++ });
  let ahead = 0;
  let count = 0;
  await drain(zipped, async () => {
    count++;
    ahead = Math.max(ahead, fast.emitted - count);
    await null;
  });
  t.is(count, 300);
  t.true(ahead <= 16 + 16, `${ahead} ahead`);
  t.is(reliefs, 0);
});

test('a stalled sink holds both inputs', async (t) => {
  const left = tally();
  const right = tally();
  const sink = new StallingSink<readonly number[]>();
  const done = drain(zip(counted('sync', 1000, left), counted('async', 1000, right)), sink.take, { highWaterMark: 4 });
  await quiet(() => left.emitted + right.emitted);
  t.true(left.emitted <= 4 + 16 && right.emitted <= 4 + 16, `${left.emitted} and ${right.emitted}`);
  sink.release();
  t.is((await done).items, 1000);
});

for (const isSkewedFirst of [true, false]) {
  for (const kind of ['sync', 'async', 'io'] as const) {
    const order = isSkewedFirst ? 'starved branch first' : 'full branch first';
    test(`a diamond whose branches are uneven gets room instead of hanging (${order}, ${kind})`, async (t) => {
      const shared = counted(kind, 2000).pipe(rx.share());
      const late = shared.pipe(rx.filter((value) => value >= 500));
      const inputs = isSkewedFirst ? ([late, shared] as const) : ([shared, late] as const);
      const marks: number[] = [];
      const zipped = zip(inputs, { onRelief: ({ highWaterMark }) => marks.push(highWaterMark) });
      const tuples: (readonly number[])[] = [];
      await drain(zipped, (tuple) => void tuples.push(tuple));
      t.is(tuples.length, 1500);
      t.deepEqual(
        [...tuples[0]!].sort((a, b) => a - b),
        [0, 500],
      );
      t.true(marks.length > 0 && Math.max(...marks) <= 2048, `${marks}`);
    });
  }
}

test('a diamond through a stage gets room too', async (t) => {
  const { backpressure } = await import('../../src/operators/index.ts');
  const shared = counted('sync', 1000).pipe(rx.share());
  const late = shared.pipe(rx.filter((value) => value >= 300));
  const staged = shared.pipe(backpressure({ highWaterMark: 4 }));
  const report = await drain(zip([staged, late], { onRelief: () => {} }), () => {});
  t.is(report.items, 700);
});

test('an error comes at once; nothing completes twice', async (t) => {
  const failing = rx.concat(
    counted('sync', 3),
    rx.throwError(() => new Error('left')),
  );
  await t.throwsAsync(
    drain(zip(failing, rx.NEVER), () => {}),
    { message: 'left' },
  );
  t.is((await drain(zip(rx.EMPTY, rx.NEVER), () => {})).items, 0);
  t.is((await drain(zip([]), () => {})).items, 0);
});
