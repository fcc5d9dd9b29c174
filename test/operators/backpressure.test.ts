import test from 'ava';
import * as rx from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { backpressure } from '../../src/operators/index.ts';
import { sleep, upTo } from '../support/flow.ts';
import { counted, quiet, StallingSink, tally } from '../support/sources.ts';

test.serial('backpressure bounds bytes as well as items', async (t) => {
  const seen = tally();
  const sink = new StallingSink<Buffer>();
  const chunks = counted('sync', 500, seen).pipe(rx.map(() => Buffer.alloc(100)));
  const done = drain(chunks.pipe(backpressure({ highWaterMark: 1000, highWaterBytes: 450 })), sink.take, {
    highWaterMark: 1,
  });
  await quiet(() => seen.emitted);
  t.true(seen.emitted <= 1 + 5, `${seen.emitted}`);
  sink.release();
  t.is((await done).items, 500);
});

test.serial('backpressure drops or fails only where it is told to', async (t) => {
  const run = async (overflow: 'dropOldest' | 'dropNewest'): Promise<{ kept: number[]; dropped: number[] }> => {
    const dropped: number[] = [];
    const kept: number[] = [];
    const source = rx.range(0, 20).pipe(backpressure({ highWaterMark: 4, overflow, onDrop: (v) => dropped.push(v) }));
    const take = async (value: number) => {
      await sleep(1);
      kept.push(value);
    };
    await drain(source, take, { highWaterMark: 1 });
    return { kept, dropped };
  };
  const oldest = await run('dropOldest');
  t.is(oldest.kept.at(-1), 19);
  const newest = await run('dropNewest');
  t.deepEqual(newest.kept, [0, 1, 2, 3, 4]);
  for (const { kept, dropped } of [oldest, newest]) {
    t.deepEqual(
      [...kept, ...dropped].sort((a, b) => a - b),
      upTo(20),
    );
  }
  const failing = rx.range(0, 20).pipe(backpressure({ highWaterMark: 4, overflow: 'error' }));
  await t.throwsAsync(
    drain(failing, () => sleep(1), { highWaterMark: 1 }),
    { code: 'ERR_OVERFLOW' },
  );
});
