import test from 'ava';
import { drain } from '../../src/flow/index.ts';
import { mapAsync } from '../../src/operators/index.ts';
import { collect, ranAhead, sleep, upTo } from '../support/flow.ts';
import { counted } from '../support/sources.ts';

test.serial('mapAsync keeps the order, and never has more calls pending than allowed', async (t) => {
  let pending = 0;
  let peak = 0;
  const slow = async (value: number): Promise<number> => {
    peak = Math.max(peak, ++pending);
    await sleep((value * 7) % 5);
    pending--;
    return value * 2;
  };
  t.deepEqual(
    await collect(counted('sync', 100).pipe(mapAsync(slow, { concurrency: 8 }))),
    upTo(100).map((x) => x * 2),
  );
  t.is(peak, 8);
});

test.serial('mapAsync without order gives results as they come, each once', async (t) => {
  const slow = async (value: number): Promise<number> => {
    await sleep(value === 0 ? 20 : 0);
    return value;
  };
  const results = await collect(counted('sync', 50).pipe(mapAsync(slow, { concurrency: 4, ordered: false })));
  t.not(results[0], 0);
  t.deepEqual(
    [...results].sort((a, b) => a - b),
    upTo(50),
  );
});

test.serial('mapAsync mixes functions that answer at once with those that do not', async (t) => {
  const odd = (value: number): number | Promise<number> => (value % 3 === 0 ? Promise.resolve(value) : value);
  t.deepEqual(await collect(counted('sync', 1000).pipe(mapAsync(odd))), upTo(1000));
  t.deepEqual(await collect(counted('async', 1000).pipe(mapAsync(odd, { concurrency: 1 }))), upTo(1000));
});

test.serial('mapAsync fails in the place of the value, and tells the others to stop', async (t) => {
  let signal: AbortSignal | undefined;
  const failing = async (value: number, _: number, s: AbortSignal): Promise<number> => {
    signal = s;
    await sleep(10 - value);
    if (value === 3) throw new Error('bad 3');
    return value;
  };
  const seen: number[] = [];
  const done = drain(counted('sync', 100).pipe(mapAsync(failing, { concurrency: 8 })), (v) => void seen.push(v));
  await t.throwsAsync(done, { message: 'bad 3' });
  t.deepEqual(seen, [0, 1, 2]);
  t.true(signal!.aborted);
});

test.serial('mapAsync holds concurrency + prefetch values', async (t) => {
  const ahead = await ranAhead(mapAsync((x: number) => sleep(0).then(() => x), { concurrency: 3, prefetch: 2 }));
  t.true(ahead <= 4 + 3 + 2, `${ahead}`);
});
