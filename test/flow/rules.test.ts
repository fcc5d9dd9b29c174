import { EventEmitter, once } from 'node:events';
import test from 'ava';
import * as rx from 'rxjs';
import { asapScheduler, asyncScheduler, Subject } from 'rxjs';
import { Gate } from '../../src/flow/gate.ts';
import { drain, fromPull } from '../../src/flow/index.ts';
import { MemoryValve } from '../../src/flow/memory-valve.ts';
import { Producer } from '../../src/flow/producer.ts';
import { liveEmitterCount } from '../../src/flow/stall.ts';
import { mergeMap } from '../../src/operators/index.ts';
import { sleep } from '../support/flow.ts';
import { counted, quiet, StallingSink, tally } from '../support/sources.ts';

test.serial('a gate is checked after every item, inside a batch too', async (t) => {
  let emitted = 0;
  const sink = new StallingSink<number>();
  const source = fromPull<number>(() => [Array.from({ length: 1000 }, (_, i) => i)], { flatten: true });
  const done = drain(source.pipe(rx.tap(() => emitted++)), sink.take, { highWaterMark: 7 });
  await quiet(() => emitted);
  t.is(emitted, 7);
  sink.release();
  t.is((await done).items, 1000);
});

test.serial('a mark of 1 means strictly one in flight', async (t) => {
  let inFlight = 0;
  let peak = 0;
  const source = counted('async', 200).pipe(
    rx.tap(() => {
      inFlight++;
      peak = Math.max(peak, inFlight);
    }),
  );
  const take = async () => {
    await null;
    inFlight--;
  };
  await drain(source, take, { highWaterMark: 1 });
  t.is(peak, 1);
});

test.serial('complete waits for room: a chain of empty files does not run ahead', async (t) => {
  let opened = 0;
  const file = () =>
    rx.defer(() => {
      opened++;
      return fromPull(() => [opened]);
    });
  const sink = new StallingSink<number>();
  const files = counted('sync', 10_000).pipe(mergeMap(file, 1));
  const done = drain(files, sink.take, { highWaterMark: 4 });
  await quiet(() => opened);
  t.true(opened <= 5, `${opened} files opened`);
  sink.release();
  t.is((await done).items, 10_000);
});

test.serial('a source emits nothing inside subscribe()', (t) => {
  const seen: number[] = [];
  const subscription = fromPull(() => [1, 2, 3]).subscribe((value) => seen.push(value));
  t.deepEqual(seen, []);
  subscription.unsubscribe();
});

test.serial('a pipeline that is started inside a tap of another one does not bind it', async (t) => {
  const sink = new StallingSink<number>();
  let started: Promise<unknown> | undefined;
  const inner = () => {
    started ??= drain(rx.range(0, 64), sink.take, { highWaterMark: 2 });
  };
  const outer: number[] = [];
  await drain(counted('sync', 500).pipe(rx.tap(inner)), (value) => void outer.push(value), { highWaterMark: 4 });
  t.is(outer.length, 500);
  sink.release();
  await started;
});

test.serial('feeding another pipeline through a Subject does bind the source', async (t) => {
  const subject = new Subject<number>();
  const sink = new StallingSink<number>();
  const other = drain(subject, sink.take, { highWaterMark: 8 });
  const seen = tally();
  const main = drain(counted('sync', 500, seen).pipe(rx.tap((x) => subject.next(x))), () => {}, { highWaterMark: 4 });
  await quiet(() => seen.emitted);
  t.true(seen.emitted <= 8, `${seen.emitted} emitted`);
  sink.release();
  await main;
  subject.complete();
  t.is((await other).items, 500);
});

test.serial('a sink whose function feeds another pipeline waits for it', async (t) => {
  const subject = new Subject<number>();
  const sink = new StallingSink<number>();
  const other = drain(subject, sink.take, { highWaterMark: 8 });
  const seen = tally();
  const main = drain(counted('sync', 500, seen), async (x) => subject.next(x), { highWaterMark: 4 });
  await quiet(() => seen.emitted);
  t.true(seen.emitted <= 8 + 4 + 1, `${seen.emitted} emitted`);
  sink.release();
  await main;
  subject.complete();
  t.is((await other).items, 500);
});

test.serial('producers resume on a microtask, never inside leave()', async (t) => {
  const gate = new Gate('test', { highWaterMark: 1 }, 1);
  const producer = new Producer<number>('test');
  producer.bind(gate);
  gate.enter(0);
  let isAwake = false;
  producer.whenOpen(() => {
    isAwake = true;
  });
  gate.leave(0);
  t.false(isAwake);
  await null;
  t.true(isAwake);
  producer.dispose();
});

test.serial('unsubscribing aborts the signal at once, and runs finally once', async (t) => {
  let finals = 0;
  let isAborted = false;
  const source = fromPull(async function* (signal) {
    signal.addEventListener('abort', () => {
      isAborted = true;
    });
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      finals++;
    }
  });
  const seen: number[] = [];
  await new Promise<void>((resolve) => {
    const subscription = source.subscribe((value) => {
      seen.push(value);
      if (seen.length < 5) return;
      subscription.unsubscribe();
      t.true(isAborted);
      resolve();
    });
  });
  await sleep(5);
  t.is(finals, 1);
  t.is(seen.length, 5);
});

test.serial('unsubscribing does not wait for a pull that never settles', async (t) => {
  const before = liveEmitterCount();
  let isAborted = false;
  const source = fromPull(async function* (signal): AsyncGenerator<number> {
    signal.addEventListener('abort', () => {
      isAborted = true;
    });
    yield 1;
    await new Promise(() => {});
  });
  const controller = new AbortController();
  const done = drain(source, () => {}, { signal: controller.signal });
  await sleep(5);
  controller.abort(new Error('enough'));
  await t.throwsAsync(done, { message: 'enough' });
  t.true(isAborted);
  t.is(liveEmitterCount(), before);
});

test.serial('an endless synchronous source with a synchronous sink can be aborted, and lets timers run', async (t) => {
  const controller = new AbortController();
  const endless = fromPull(function* () {
    for (let i = 0; ; i++) yield i;
  });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  setTimeout(() => controller.abort(new Error('enough')), 120);
  let sum = 0;
  await t.throwsAsync(
    drain(
      endless,
      (value) => {
        sum += value;
      },
      { signal: controller.signal },
    ),
    { message: 'enough' },
  );
  clearInterval(timer);
  t.true(ticks >= 3, `${ticks} ticks`);
  t.true(sum > 0);
});

test.serial('synchronous sources end with take, and run their finally', async (t) => {
  const seen = tally();
  const report = await drain(counted('sync', 1_000_000, seen).pipe(rx.take(3)), () => {});
  t.is(report.items, 3);
  t.is(seen.pulled, 3);
  t.is(seen.closed, 1);
});

test.serial('gates of ended consumers are let go', async (t) => {
  const subject = new Subject<number>();
  const producer = new Producer<number>(
    'relay',
    new rx.Subscriber({ next: (v) => subject.next(v), error() {}, complete() {} }),
  );
  for (let i = 0; i < 2000; i++) {
    const done = drain(subject.pipe(rx.take(1)), () => {}, { highWaterMark: 1 });
    producer.next(i);
    await done;
  }
  t.true(producer.barriers.length <= 2, `${producer.barriers.length} gates held`);
  producer.dispose();
});

test.serial('200,000 synchronous inner sources neither recurse nor run ahead', async (t) => {
  let open = 0;
  let peak = 0;
  const inner = (value: number) =>
    rx.defer(() => {
      peak = Math.max(peak, ++open);
      return rx.of(value).pipe(rx.finalize(() => open--));
    });
  let sum = 0;
  const report = await drain(counted('sync', 200_000).pipe(mergeMap(inner, 2)), (value) => {
    sum += value;
  });
  t.is(report.items, 200_000);
  t.is(sum, (200_000 * 199_999) / 2);
  t.true(peak <= 2);
});

test.serial('2,000 producers on one gate all get their turn', async (t) => {
  const counts = new Array<number>(2000).fill(0);
  const sources = counts.map((_, index) => counted('async', 20).pipe(rx.map(() => index)));
  const report = await drain(
    rx.merge(...sources),
    async (index) => {
      counts[index]!++;
      if (counts[index]! % 5 === 0) await null;
    },
    { highWaterMark: 16 },
  );
  t.is(report.items, 40_000);
  t.true(counts.every((count) => count === 20));
  t.true(report.peakQueuedItems <= 16);
});

test.serial('two merged synchronous sources share the sink', async (t) => {
  const counts: [number, number] = [0, 0];
  const endless = (index: 0 | 1) =>
    fromPull(function* () {
      for (;;) yield index;
    });
  const limit = 40_000;
  const merged = rx.merge(endless(0), endless(1)).pipe(rx.take(limit));
  await drain(merged, (index) => {
    counts[index]++;
  });
  t.true(Math.min(...counts) > limit / 5, `${counts}`);
});

test.serial('two pipelines on one scheduler: the stalled one does not stop the other', async (t) => {
  const stalled = new StallingSink<number>();
  const seen = tally();
  const inner = (source: rx.Observable<number>) =>
    rx.of(1).pipe(
      rx.observeOn(asapScheduler),
      rx.concatMap(() => source),
    );
  const first = drain(inner(counted('sync', 5000, seen)), stalled.take, { highWaterMark: 16 });
  const second = await drain(inner(counted('sync', 5000)), () => {}, { highWaterMark: 16 });
  t.is(second.items, 5000);
  await quiet(() => seen.emitted);
  t.true(seen.emitted <= 16);
  stalled.release();
  t.is((await first).items, 5000);
});

test.serial('an EventEmitter that feeds concatMap(source) leaves the sources bounded', async (t) => {
  const emitter = new EventEmitter();
  const seen = tally();
  const sink = new StallingSink<number>();
  const files = rx.fromEvent(emitter, 'file').pipe(
    rx.take(3),
    rx.concatMap(() => counted('sync', 1000, seen)),
  );
  const done = drain(files, sink.take, { highWaterMark: 16 });
  for (let i = 0; i < 3; i++) emitter.emit('file', i);
  await quiet(() => seen.emitted);
  t.true(seen.emitted <= 16, `${seen.emitted} emitted`);
  sink.release();
  t.is((await done).items, 3000);
});

test.serial('a shared source goes at the pace of its slowest subscriber, until that one leaves', async (t) => {
  const seen = tally();
  const shared = counted('sync', 1000, seen).pipe(rx.share());
  const slow = new StallingSink<number>();
  const controller = new AbortController();
  const slowDone = drain(shared, slow.take, { highWaterMark: 16, signal: controller.signal });
  const fast: number[] = [];
  const fastDone = drain(shared, (value) => void fast.push(value), { highWaterMark: 16 });
  await quiet(() => seen.emitted);
  t.is(seen.emitted, 16);
  controller.abort(new Error('left'));
  await t.throwsAsync(slowDone, { message: 'left' });
  await fastDone;
  t.is(fast.length, 1000);
});

test.serial(
  'the memory valve holds back sources, lets one item pass now and then, and never blocks the end',
  async (t) => {
    const valve = new MemoryValve({ isOver: () => true, pulseMs: 1 });
    const start = performance.now();
    const report = await drain(counted('sync', 10), () => {}, { valve });
    t.is(report.items, 10);
    t.true(performance.now() - start >= 9);
    t.is((await drain(counted('async', 10), () => {}, { valve })).items, 10);
  },
);

test.serial('the memory valve reaches sources behind a stage, and does not stop the stage', async (t) => {
  let isOver = false;
  let inFlight = 0;
  const valve = new MemoryValve({ isOver: () => isOver, inFlight: () => inFlight, pulseMs: 1 });
  const seen = tally();
  const arrived: number[] = [];
  const files = counted('sync', 3).pipe(mergeMap(() => counted('sync', 100, seen), 2));
  const done = drain(
    files,
    async (value) => {
      arrived.push(value);
      if (arrived.length === 20) {
        inFlight = 1;
        isOver = true;
        setTimeout(() => {
          isOver = false;
        }, 40);
      }
      await null;
    },
    { valve, highWaterMark: 8 },
  );
  while (arrived.length < 20) await sleep(1);
  await sleep(15);
  const whenShut = seen.emitted;
  t.true(whenShut <= 20 + 8, `${whenShut} emitted`);
  await sleep(10);
  t.is(seen.emitted, whenShut);
  t.is((await done).items, 300);
});

test.serial('what has ended leaves nothing behind', async (t) => {
  const before = liveEmitterCount();
  const files = counted('sync', 50).pipe(mergeMap(() => counted('io', 20), 4));
  await drain(files, () => sleep(0), { highWaterMark: 4 });
  const subscription = counted('async', 1e9).pipe(rx.observeOn(asyncScheduler)).subscribe();
  await sleep(5);
  subscription.unsubscribe();
  await sleep(5);
  t.is(liveEmitterCount(), before);
});

test.serial('an error of the source comes behind all that it gave before', async (t) => {
  const seen: number[] = [];
  const source = fromPull(function* () {
    yield* [1, 2, 3];
    throw new Error('broken');
  });
  const slow = async (value: number) => {
    await sleep(1);
    seen.push(value);
  };
  await t.throwsAsync(drain(source, slow), { message: 'broken' });
  t.deepEqual(seen, [1, 2, 3]);
  const none: number[] = [];
  const discard = drain(source, async (value) => void none.push(value), { onError: 'discard' });
  await t.throwsAsync(discard, { message: 'broken' });
  t.true(none.length < 3);
});

test.serial('an error that comes after the subscriber has left is told as a warning', async (t) => {
  const source = fromPull(async function* () {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      await Promise.reject(new Error('cannot clean up'));
    }
  });
  const warning = once(process, 'warning');
  await drain(source.pipe(rx.take(2)), () => {});
  const [{ code, message }] = await warning;
  t.is(code, 'TIDEGATE_LATE_ERROR');
  t.regex(message, /cannot clean up/);
});
