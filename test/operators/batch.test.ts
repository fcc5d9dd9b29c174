import test from 'ava';
import * as rx from 'rxjs';
import { drain, fromPull } from '../../src/flow/index.ts';
import { batch } from '../../src/operators/index.ts';
import { collect, sleep } from '../support/flow.ts';
import { counted, StallingSink } from '../support/sources.ts';

test.serial('batch goes by count, by bytes and by age', async (t) => {
  const byCount = await collect(counted('sync', 25).pipe(batch({ count: 10 })));
  t.deepEqual(
    byCount.map((b) => b.length),
    [10, 10, 5],
  );
  const strings = fromPull(() => ['ab', 'cd', 'ef', 'g']);
  t.deepEqual(await collect(strings.pipe(batch({ bytes: 8 }))), [
    ['ab', 'cd'],
    ['ef', 'g'],
  ]);
  const slow = rx.concat(rx.of(1), rx.timer(40).pipe(rx.map(() => 2)));
  t.deepEqual(await collect(slow.pipe(batch({ ageMs: 5 }))), [[1], [2]]);
});

test.serial('a batch that is due by age waits for room behind, and takes more meanwhile', async (t) => {
  const sink = new StallingSink<number[]>();
  const values = new rx.Subject<number>();
  const done = drain(values.pipe(batch({ ageMs: 5 })), sink.take, { highWaterMark: 1 });
  values.next(1);
  await sleep(20);
  values.next(2);
  await sleep(20);
  values.next(3);
  t.is(sink.values.length, 1);
  sink.release();
  await sleep(20);
  values.complete();
  await done;
  t.deepEqual(sink.values.flat(), [1, 2, 3]);
  t.true(sink.values.length <= 3);
});
