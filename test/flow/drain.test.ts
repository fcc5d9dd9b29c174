import test from 'ava';
import * as rx from 'rxjs';
import { drain, fromPull, type Sink, toSink } from '../../src/flow/index.ts';
import { liveEmitterCount } from '../../src/flow/stall.ts';
import { sleep } from '../support/flow.ts';
import { counted, quiet, tally } from '../support/sources.ts';

type Point = 'start' | 'write' | 'close' | 'abort';

/** A sink that notes every call, and fails at one point in one way. */
function failingSink(point: Point | 'none', how: 'throw' | 'reject', nth = 1): { sink: Sink<number>; calls: string[] } {
  const calls: string[] = [];
  let writes = 0;
  const act = (name: Point): void | Promise<void> => {
    calls.push(name);
    if (name !== point || (name === 'write' && ++writes < nth)) return;
    if (how === 'throw') throw new Error(`bad ${name}`);
    return sleep(1).then(() => Promise.reject(new Error(`bad ${name}`)));
  };
  const sink = {
    start: () => act('start'),
    write: () => act('write'),
    close: () => act('close'),
    abort: () => act('abort'),
  };
  return { sink, calls };
}

for (const how of ['throw', 'reject'] as const) {
  for (const kind of ['sync', 'async', 'io'] as const) {
    test.serial(
      `a sink that ${how}s in start, write or close fails the run once, and is aborted (${kind})`,
      async (t) => {
        const before = liveEmitterCount();
        for (const [point, nth] of [
          ['start', 1],
          ['write', 1],
          ['write', 3],
          ['close', 1],
        ] as const) {
          const seen = tally();
          const { sink, calls } = failingSink(point, how, nth);
          await t.throwsAsync(drain(counted(kind, 100, seen), sink, { highWaterMark: 8 }), { message: `bad ${point}` });
          t.is(calls.filter((call) => call === 'abort').length, 1, `${point}: ${calls}`);
          t.is(calls.at(-1), 'abort');
          t.is(calls.includes('close'), point === 'close');
          await sleep(0);
          t.is(seen.opened, seen.closed);
        }
        t.is(liveEmitterCount(), before);
      },
    );
  }

  test.serial(`a function that ${how}s at any value fails the run, and leaves the source`, async (t) => {
    for (const at of [0, 1, 5, 99]) {
      const seen = tally();
      const fail = (value: number): void | Promise<void> => {
        if (value !== at) return;
        if (how === 'throw') throw new Error(`bad ${value}`);
        return Promise.reject(new Error(`bad ${value}`));
      };
      await t.throwsAsync(drain(counted('sync', 100, seen), fail), { message: `bad ${at}` });
      t.true(seen.emitted <= at + 16);
      t.is(seen.opened, seen.closed);
    }
  });
}

test.serial('a sink whose abort fails still gives the first error', async (t) => {
  const { sink } = failingSink('abort', 'reject');
  const source = fromPull<number>(() => {
    throw new Error('no source');
  });
  await t.throwsAsync(drain(source, sink), { message: 'no source' });
});

test.serial('start is waited for, and nothing is lost meanwhile', async (t) => {
  const values: number[] = [];
  let isStarted = false;
  const sink: Sink<number> = {
    start: async () => {
      await sleep(10);
      isStarted = true;
    },
    write: (batch) => {
      t.true(isStarted);
      values.push(...batch);
    },
  };
  await drain(rx.range(0, 100), sink, { highWaterMark: 8 });
  t.deepEqual(values, [...Array(100).keys()]);
});

test.serial('writes never overlap, and come in batches no larger than the mark', async (t) => {
  let isWriting = false;
  const values: number[] = [];
  const sink: Sink<number> = {
    write: async (batch) => {
      t.false(isWriting);
      t.true(batch.length <= 32 && batch.length > 0);
      isWriting = true;
      await sleep(0);
      isWriting = false;
      values.push(...batch);
    },
  };
  const report = await drain(counted('sync', 1000), sink, { highWaterMark: 32 });
  t.is(report.items, 1000);
  t.true(report.batches < 100, `${report.batches} batches`);
  t.true(report.peakQueuedItems <= 32);
  t.deepEqual(values, [...Array(1000).keys()]);
});

test.serial('one item larger than the byte mark passes alone', async (t) => {
  const sizes = [10, 5000, 10, 10, 10];
  let held = 0;
  let peak = 0;
  const source = fromPull(() => sizes.map((size) => Buffer.alloc(size))).pipe(
    rx.tap((chunk) => {
      held += chunk.length;
      peak = Math.max(peak, held);
    }),
  );
  const take = async (chunk: Buffer) => {
    await sleep(0);
    held -= chunk.length;
  };
  const report = await drain(source, take, { highWaterBytes: 100 });
  t.is(report.items, 5);
  t.true(peak <= 100 + 5000);
});

test.serial('a byteLength or sizeOf that is NaN, negative or infinite counts as nothing', async (t) => {
  for (const byteLength of [Number.NaN, -5, Number.POSITIVE_INFINITY, '7' as unknown as number]) {
    const source = fromPull(() => Array.from({ length: 50 }, () => ({ byteLength })));
    const report = await drain(source, async () => sleep(0), { highWaterBytes: 10, highWaterMark: 4 });
    t.is(report.items, 50);
    t.is(report.peakQueuedBytes, 0);
  }
  const odd = await drain(counted('sync', 50), async () => sleep(0), { sizeOf: () => Number.NaN, highWaterBytes: 10 });
  t.is(odd.items, 50);
});

test.serial('undefined and null are values', async (t) => {
  const values: unknown[] = [];
  await drain(
    fromPull(() => [undefined, null, 0]),
    async (value) => void values.push(value),
  );
  t.deepEqual(values, [undefined, null, 0]);
});

test.serial('a signal that is aborted already opens nothing', async (t) => {
  const seen = tally();
  const done = drain(counted('sync', 5, seen), () => {}, { signal: AbortSignal.abort(new Error('no')) });
  await t.throwsAsync(done, { message: 'no' });
  t.is(seen.opened, 0);
});

test.serial('cancelling does not wait for a write that never settles', async (t) => {
  const controller = new AbortController();
  let isAborted = false;
  const sink: Sink<number> = {
    write: () => new Promise(() => {}),
    abort: () => {
      isAborted = true;
    },
  };
  const done = drain(counted('async', 100), sink, { signal: controller.signal });
  await sleep(5);
  controller.abort(new Error('enough'));
  await t.throwsAsync(done, { message: 'enough' });
  t.true(isAborted);
});

test.serial('toSink emits one report; unsubscribing aborts the sink and the source', async (t) => {
  const { sink, calls } = failingSink('none', 'throw');
  const reports = await rx.lastValueFrom(counted('sync', 10).pipe(toSink(sink), rx.toArray()));
  t.deepEqual(
    reports.map((report) => report.items),
    [10],
  );
  t.deepEqual(calls, ['start', 'write', 'close']);

  const seen = tally();
  const left = failingSink('none', 'throw');
  const subscription = counted('io', 1e9, seen).pipe(toSink(left.sink)).subscribe();
  await sleep(10);
  subscription.unsubscribe();
  await quiet(() => seen.pulled);
  t.is(left.calls.at(-1), 'abort');
  t.is(seen.opened, seen.closed);
});

test('what is no sink is refused at once', (t) => {
  t.throws(() => drain(rx.EMPTY, {} as never), { code: 'ERR_OPTION' });
  t.throws(() => drain(rx.EMPTY, () => {}, { highWaterMark: 0 }), { code: 'ERR_OPTION', message: /highWaterMark/ });
});
