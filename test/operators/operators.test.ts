import test from 'ava';
import * as rx from 'rxjs';
import { asapScheduler } from 'rxjs';
import { drain, fromPull } from '../../src/flow/index.ts';
import {
  backpressure,
  batch,
  concatAll,
  deadLetter,
  delay,
  idleTimeout,
  mapAsync,
  mergeAll,
  mergeMap,
  observeOn,
  prefetch,
  progress,
  rateLimit,
  retryEach,
  unbatch,
  ungated,
} from '../../src/operators/index.ts';
import { counted, quiet, StallingSink, tally } from '../support/sources.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const collect = <T>(source: rx.Observable<T>): Promise<T[]> => rx.lastValueFrom(source.pipe(rx.toArray()));

/** How many values a stalled sink of mark 4 and the operator together let out of the source. */
async function ranAhead(operator: rx.OperatorFunction<number, unknown>): Promise<number> {
  const seen = tally();
  const sink = new StallingSink<unknown>();
  const done = drain(counted('sync', 5000, seen).pipe(operator), sink.take, { highWaterMark: 4 });
  await quiet(() => seen.emitted);
  const { emitted } = seen;
  sink.release();
  await done;
  return emitted;
}

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

test.serial('backpressure and prefetch hold their mark, delay and observeOn theirs', async (t) => {
  t.true((await ranAhead(backpressure({ highWaterMark: 5 }))) <= 4 + 5);
  t.true((await ranAhead(prefetch(3))) <= 4 + 3);
  t.true((await ranAhead(delay(1, rx.asyncScheduler, { highWaterMark: 6 }))) <= 4 + 6);
  t.true((await ranAhead(observeOn(asapScheduler, 0, { highWaterMark: 6 }))) <= 4 + 6);
  t.true((await ranAhead(rateLimit({ itemsPerSecond: 1e6 }))) <= 4 + 1);
});

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

test.serial('unbatch stops in the middle of an array', async (t) => {
  let emitted = 0;
  const sink = new StallingSink<number>();
  const arrays = fromPull(() => [upTo(100), [], upTo(50)]);
  const done = drain(
    arrays.pipe(
      unbatch(),
      rx.tap(() => emitted++),
    ),
    sink.take,
    { highWaterMark: 4 },
  );
  await quiet(() => emitted);
  t.is(emitted, 4);
  sink.release();
  await done;
  t.deepEqual(sink.values, [...upTo(100), ...upTo(50)]);
});

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

test.serial('rateLimit keeps the rate', async (t) => {
  const start = performance.now();
  const options = { itemsPerSecond: 1000, burstSeconds: 0.01 };
  t.deepEqual(await collect(counted('sync', 60).pipe(rateLimit(options))), upTo(60));
  t.true(performance.now() - start >= 40);
});

test.serial('delay delays each value, observeOn moves each to its scheduler', async (t) => {
  const start = performance.now();
  t.deepEqual(await collect(counted('sync', 10).pipe(delay(20))), upTo(10));
  t.true(performance.now() - start >= 18);
  t.deepEqual(await collect(counted('async', 100).pipe(observeOn(asapScheduler))), upTo(100));
  const failing = rx.concat(
    counted('sync', 3),
    rx.throwError(() => new Error('late')),
  );
  const seen: number[] = [];
  await t.throwsAsync(
    drain(failing.pipe(delay(1)), (v) => void seen.push(v)),
    { message: 'late' },
  );
  t.deepEqual(seen, [0, 1, 2]);
});

test.serial('idleTimeout takes backpressure for no silence, and silence for one', async (t) => {
  const slow = drain(counted('sync', 5).pipe(idleTimeout(15)), () => sleep(40), { highWaterMark: 1 });
  t.is((await slow).items, 5);
  const silent = rx.concat(rx.of(1), rx.NEVER).pipe(idleTimeout(15));
  await t.throwsAsync(
    drain(silent, () => {}),
    { code: 'ERR_TIMEOUT' },
  );
});

test.serial('ungated frees a notifier: takeUntil is heard while the values wait', async (t) => {
  const notifier = (gated: boolean): rx.Observable<unknown> => {
    const source = fromPull(async function* () {
      await sleep(10);
      yield 1;
    });
    return gated ? source : source.pipe(ungated());
  };
  const seen = tally();
  const sink = new StallingSink<number>();
  const done = drain(counted('async', 1000, seen).pipe(rx.takeUntil(notifier(false))), sink.take, { highWaterMark: 2 });
  await sleep(40);
  t.is(seen.closed, 1);
  sink.release();
  t.true((await done).items <= 2);
});

test.serial('mergeMap waits for room before it begins another inner source', async (t) => {
  for (const concurrent of [1, 3, Number.POSITIVE_INFINITY]) {
    let begun = 0;
    const inner = (value: number) => {
      begun++;
      return counted('async', 5).pipe(rx.map((x) => value * 5 + x));
    };
    const outer = tally();
    const sink = new StallingSink<number>();
    const done = drain(counted('async', 100, outer).pipe(mergeMap(inner, concurrent)), sink.take, { highWaterMark: 4 });
    await quiet(() => begun + outer.emitted);
    t.true(begun <= 4 + (concurrent === 3 ? 3 : 4), `${begun} begun`);
    t.true(outer.emitted <= begun + 4, `${outer.emitted} outer values for ${begun}`);
    sink.release();
    await done;
    t.deepEqual(
      [...sink.values].sort((a, b) => a - b),
      upTo(500),
    );
  }
});

test.serial('mergeMap takes promises, arrays, iterables; a shared inner source; and errors at once', async (t) => {
  const inputs = counted('sync', 4).pipe(mergeMap((i) => [[i], Promise.resolve(i), new Set([i]), rx.of(i)][i]!));
  t.deepEqual((await collect(inputs)).sort(), [0, 1, 2, 3]);
  const shared = counted('async', 10).pipe(rx.share());
  t.deepEqual(await collect(rx.of(1).pipe(mergeMap(() => shared, 1))), upTo(10));
  const failing = counted('sync', 4).pipe(mergeMap((i) => (i === 2 ? rx.throwError(() => new Error('bad')) : [i])));
  await t.throwsAsync(
    drain(failing, () => {}),
    { message: 'bad' },
  );
});

test.serial('mergeAll and concatAll take sources as values', async (t) => {
  const sources = [counted('sync', 3), counted('async', 3)];
  t.deepEqual(await collect(fromPull(() => sources).pipe(concatAll())), [0, 1, 2, 0, 1, 2]);
  t.is((await collect(fromPull(() => sources).pipe(mergeAll(2)))).length, 6);
});

test.serial('retryEach delivers each value once, however often the source breaks', async (t) => {
  let attempts = 0;
  const flaky = () =>
    fromPull(function* () {
      const breaksAt = ++attempts * 10;
      for (let i = 0; i < 35; i++) {
        if (i === breaksAt) throw new Error(`broken at ${i}`);
        yield i;
      }
    });
  t.deepEqual(await collect(rx.of(1).pipe(retryEach(flaky, { delayMs: 1 }))), upTo(35));
  t.is(attempts, 4);
  attempts = 0;
  const few = rx.of(1).pipe(retryEach(flaky, { delayMs: 1, retries: 1 }));
  await t.throwsAsync(
    drain(few, () => {}),
    { message: 'broken at 20' },
  );
  attempts = 0;
  const never = rx.of(1).pipe(retryEach(flaky, { shouldRetry: () => false }));
  await t.throwsAsync(
    drain(never, () => {}),
    { message: 'broken at 10' },
  );
});

test.serial('deadLetter puts the failed aside and goes on', async (t) => {
  const letters: unknown[] = [];
  const work = (value: number) => (value % 10 === 3 ? rx.throwError(() => new Error(`bad ${value}`)) : [value]);
  const post = async ({ value, error }: { value: number; error: unknown }) => {
    await sleep(1);
    letters.push([value, (error as Error).message]);
  };
  const kept = await collect(counted('sync', 30).pipe(deadLetter(work, post)));
  t.is(kept.length, 27);
  t.deepEqual(letters, [
    [3, 'bad 3'],
    [13, 'bad 13'],
    [23, 'bad 23'],
  ]);
  const broken = counted('sync', 30).pipe(deadLetter(work, { write: () => Promise.reject(new Error('disk full')) }));
  await t.throwsAsync(
    drain(broken, () => {}),
    { code: 'ERR_SINK' },
  );
});

test.serial('progress counts, and reports the end however it comes', async (t) => {
  const reports: { items: number; bytes: number; isDone: boolean }[] = [];
  const report = (p: { items: number; bytes: number; isDone: boolean }) => reports.push(p);
  await collect(fromPull(() => ['ab', 'cd']).pipe(progress(report, { everyMs: 0 })));
  t.deepEqual(
    reports.map(({ items, bytes, isDone }) => [items, bytes, isDone]),
    [
      [1, 4, false],
      [2, 8, false],
      [2, 8, true],
    ],
  );
  reports.length = 0;
  await collect(counted('sync', 100).pipe(progress(report), rx.take(2)));
  t.like(reports.at(-1), { items: 2, isDone: true });
});

test('wrong options are refused at the call, and named', (t) => {
  const cases: [() => unknown, RegExp][] = [
    [() => mapAsync(async (x: number) => x, { concurrency: 0 }), /concurrency/],
    [() => mapAsync(1 as never), /project/],
    [() => batch({ count: -1 }), /count/],
    [() => prefetch(0), /count/],
    [() => idleTimeout(0), /idleMs/],
    [() => mergeMap(() => rx.EMPTY, 0), /concurrent/],
    [() => rateLimit({ itemsPerSecond: 0 }), /itemsPerSecond/],
    [() => backpressure({ overflow: 'drop' as never }), /overflow.*'drop'/],
  ];
  for (const [call, message] of cases) t.throws(call, { code: 'ERR_OPTION', message });
});
