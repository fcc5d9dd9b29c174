import { EventEmitter } from 'node:events';
import test from 'ava';
import fc from 'fast-check';
import * as rx from 'rxjs';
import { drain, fromPull, toAsyncIterable, toReadable, toSink } from '../../src/flow/index.ts';
import { liveEmitterCount } from '../../src/flow/stall.ts';
import { backpressure, batch, concatMap, mapAsync, observeOn, prefetch, unbatch } from '../../src/operators/index.ts';
import { runs } from '../support/runs.ts';

/** An operator with what it does to an array, and how many values it may hold. */
interface Step {
  readonly name: string;
  readonly operator: rx.OperatorFunction<number, number>;
  readonly model: (values: number[]) => number[];
  readonly holds: number;
}

const identity = (values: number[]): number[] => values;
const later = (value: number): Promise<number> => Promise.resolve(value);
const custom: rx.MonoTypeOperatorFunction<number> = (source) =>
  new rx.Observable((s) =>
    source.subscribe({ next: (v) => s.next(v), error: (e) => s.error(e), complete: () => s.complete() }),
  );
const emitterRelay: rx.MonoTypeOperatorFunction<number> = (source) =>
  new rx.Observable((s) => {
    const emitter = new EventEmitter().on('v', (v: number) => s.next(v));
    return source.subscribe({
      next: (v) => void emitter.emit('v', v),
      error: (e) => s.error(e),
      complete: () => s.complete(),
    });
  });

const mark = fc.integer({ min: 1, max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step>(
    { name: 'map', operator: rx.map((x) => x + 1), model: (v) => v.map((x) => x + 1), holds: 0 },
    { name: 'filter', operator: rx.filter((x) => x % 3 > 0), model: (v) => v.filter((x) => x % 3 > 0), holds: 0 },
    {
      name: 'scan',
      operator: rx.scan((a, b) => (a + b) % 97, 0),
      model: (v) =>
        v.map(
          (
            (sum) => (x: number) =>
              (sum = (sum + x) % 97)
          )(0),
        ),
      holds: 0,
    },
    { name: 'share', operator: rx.share(), model: identity, holds: 0 },
    { name: 'retry', operator: rx.retry(1), model: identity, holds: 0 },
    { name: 'custom', operator: custom, model: identity, holds: 0 },
    { name: 'emitter', operator: emitterRelay, model: identity, holds: 0 },
    { name: 'stock concatMap', operator: rx.concatMap((x) => rx.of(x)), model: identity, holds: 0 },
    {
      name: 'concatMap',
      operator: concatMap((x) => fromPull(() => [x, x])),
      model: (v) => v.flatMap((x) => [x, x]),
      holds: 2,
    },
    { name: 'batch', operator: rx.pipe(batch<number>({ count: 3 }), unbatch()), model: identity, holds: 6 },
  ),
  fc
    .integer({ min: 0, max: 60 })
    .map((n): Step => ({ name: `take ${n}`, operator: rx.take(n), model: (v) => v.slice(0, n), holds: 0 })),
  mark.map(
    (m): Step => ({
      name: `backpressure ${m}`,
      operator: backpressure({ highWaterMark: m }),
      model: identity,
      holds: m,
    }),
  ),
  mark.map((m): Step => ({ name: `prefetch ${m}`, operator: prefetch(m), model: identity, holds: m })),
  mark.map(
    (m): Step => ({
      name: `observeOn ${m}`,
      operator: observeOn(rx.asapScheduler, 0, { highWaterMark: m }),
      model: identity,
      holds: m,
    }),
  ),
  mark.map(
    (m): Step => ({
      name: `mapAsync ${m}`,
      operator: mapAsync((x) => (x % 4 ? later(x) : x), { concurrency: m }),
      model: identity,
      holds: m,
    }),
  ),
);

/** A source: its values in batches, given synchronously, asynchronously or through the event loop. */
interface SourceSpec {
  readonly kind: 'sync' | 'async' | 'io' | 'batches';
  readonly sizes: readonly number[];
}

const source: fc.Arbitrary<SourceSpec> = fc.record({
  kind: fc.constantFrom('sync', 'async', 'io', 'batches'),
  sizes: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }),
});

interface Watched {
  readonly values: number[];
  readonly observable: rx.Observable<number>;
  emitted: number;
  opened: number;
  closed: number;
}

function watch({ kind, sizes }: SourceSpec): Watched {
  const batches = sizes.map((size, at) => Array.from({ length: size }, (_, i) => at * 100 + i));
  const values = batches.flat();
  const watched = { values, emitted: 0, opened: 0, closed: 0 };
  const around = <T>(inner: Iterable<T>) =>
    (function* () {
      watched.opened++;
      try {
        yield* inner;
      } finally {
        watched.closed++;
      }
    })();
  const slowly = async function* <T>(inner: Iterable<T>) {
    for (const value of around(inner)) {
      if (kind === 'io') await new Promise((resolve) => setImmediate(resolve));
      yield value;
    }
  };
  const pulled =
    kind === 'sync'
      ? fromPull(() => around(values))
      : kind === 'batches'
        ? fromPull(() => slowly(batches), { flatten: true })
        : fromPull(() => slowly(values));
  return Object.assign(watched, { observable: pulled.pipe(rx.tap(() => watched.emitted++)) });
}

/** A generator that is left while it waits for the event loop runs its `finally` when that has had its turns. */
async function tidy(watched: Watched): Promise<void> {
  for (let turn = 0; turn < 20 && (turn < 2 || watched.opened !== watched.closed); turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Exit = 'function' | 'sink' | 'async iterator' | 'readable' | 'toSink';
const exit = fc.constantFrom<Exit>('function', 'sink', 'async iterator', 'readable', 'toSink');

/** Takes everything out in one of the ways, with pauses, and calls `onValue` for each. */
async function takeOut(
  way: Exit,
  from: rx.Observable<number>,
  m: number,
  pauses: readonly boolean[],
  onValue: (v: number) => void,
): Promise<void> {
  let n = 0;
  const pause = () =>
    pauses[n++ % Math.max(1, pauses.length)] ? new Promise<void>((r) => setImmediate(r)) : undefined;
  const take = (value: number): void | Promise<void> => {
    onValue(value);
    return pause();
  };
  const write = async (values: readonly number[]) => {
    await pause();
    values.forEach(onValue);
  };
  if (way === 'function') await drain(from, take, { highWaterMark: m });
  else if (way === 'sink') await drain(from, { write }, { highWaterMark: m });
  else if (way === 'toSink') await rx.lastValueFrom(from.pipe(toSink({ write }, { highWaterMark: m })));
  else {
    const values =
      way === 'readable' ? toReadable(from, { highWaterMark: m }) : toAsyncIterable(from, { highWaterMark: m });
    for await (const value of values) await take(value as number);
  }
}

test.serial('lossless, ordered, bounded and tidy: any chain of operators, source and way out', async (t) => {
  const property = fc.asyncProperty(
    source,
    fc.array(step, { maxLength: 5 }),
    exit,
    mark,
    fc.array(fc.boolean(), { maxLength: 6 }),
    async (spec, steps, way, m, pauses) => {
      const before = liveEmitterCount();
      const watched = watch(spec);
      const pipeline = steps.reduce((o, s) => o.pipe(s.operator), watched.observable);
      const expected = steps.reduce((v, s) => s.model(v), watched.values);
      const got: number[] = [];
      await takeOut(way, pipeline, m, pauses, (value) => got.push(value));
      if (JSON.stringify(got) !== JSON.stringify(expected)) throw new Error(`${got} is not ${expected}`);
      await tidy(watched);
      if (watched.opened !== watched.closed) throw new Error(`opened ${watched.opened}, closed ${watched.closed}`);
      if (liveEmitterCount() !== before) throw new Error(`${liveEmitterCount() - before} emitters left`);
    },
  );
  await t.notThrowsAsync(
    fc.assert(property, { numRuns: runs(2000), interruptAfterTimeLimit: 240_000, markInterruptAsFailure: true }),
  );
});

test.serial('bounds in items and bytes hold at every step', async (t) => {
  const weighted = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 80 });
  const property = fc.asyncProperty(
    fc.constantFrom('sync', 'async', 'batches'),
    weighted,
    mark,
    fc.integer({ min: 1, max: 500 }),
    fc.option(mark),
    fc.array(fc.boolean()),
    async (kind, sizes, m, highWaterBytes, stageMark, pauses) => {
      let items = 0;
      let bytes = 0;
      let taken = 0;
      const stageItems = stageMark ?? 0;
      const largest = Math.max(0, ...sizes);
      const values = sizes.map((byteLength) => ({ byteLength }));
      const check = (value: { byteLength: number }) => {
        items++;
        bytes += value.byteLength;
        if (items > m + stageItems) throw new Error(`${items} in flight, ${m} + ${stageItems} allowed`);
        const room = (highWaterBytes + largest) * (stageMark === null ? 1 : 2);
        if (bytes > room) throw new Error(`${bytes} bytes in flight, ${room} allowed`);
      };
      const opened =
        kind === 'sync'
          ? fromPull(() => values)
          : kind === 'batches'
            ? fromPull(() => [values], { flatten: true })
            : fromPull(async function* () {
                yield* values;
              });
      const stage =
        stageMark === null
          ? rx.map((v: { byteLength: number }) => v)
          : backpressure<{ byteLength: number }>({ highWaterMark: stageMark, highWaterBytes });
      const take = async (value: { byteLength: number }) => {
        if (pauses[taken++ % Math.max(1, pauses.length)]) await new Promise((r) => setImmediate(r));
        await null;
        items--;
        bytes -= value.byteLength;
      };
      const report = await drain(opened.pipe(rx.tap(check), stage), take, { highWaterMark: m, highWaterBytes });
      if (report.items !== sizes.length || items !== 0 || bytes !== 0)
        throw new Error(`${report.items} of ${sizes.length}`);
    },
  );
  await t.notThrowsAsync(
    fc.assert(property, { numRuns: runs(1000), interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true }),
  );
});

test.serial('one terminal notification and nothing after it, wherever it breaks or is left', async (t) => {
  const trouble = fc.constantFrom('none', 'source error', 'sink error', 'operator error', 'abort', 'take');
  const property = fc.asyncProperty(
    source,
    fc.array(step, { maxLength: 3 }),
    mark,
    trouble,
    fc.integer({ min: 0, max: 30 }),
    async (spec, steps, m, what, at) => {
      const before = liveEmitterCount();
      const watched = watch(spec);
      const notes: string[] = [];
      let count = 0;
      const fail = (name: string) =>
        rx.tap<number>(() => {
          if (count++ === at) throw new Error(name);
        });
      let from = watched.observable;
      if (what === 'source error')
        from = rx.concat(
          from,
          rx.throwError(() => new Error(what)),
        );
      if (what === 'operator error') from = from.pipe(fail(what));
      let pipeline = steps.reduce((o, s) => o.pipe(s.operator), from);
      if (what === 'take') pipeline = pipeline.pipe(rx.take(at));
      const pipeline0 = pipeline;
      pipeline = new rx.Observable((s) =>
        pipeline0.subscribe({
          next: (v) => {
            if (notes.length > 0) notes.push('late value');
            s.next(v);
          },
          error: (e) => {
            notes.push('error');
            s.error(e);
          },
          complete: () => {
            notes.push('complete');
            s.complete();
          },
        }),
      );
      const controller = new AbortController();
      const take = async () => {
        if (what === 'abort' && count++ === at) controller.abort(new Error(what));
        if (what === 'sink error' && count++ === at) throw new Error(what);
        await null;
      };
      await drain(pipeline, take, { highWaterMark: m, signal: controller.signal }).catch((error: Error) => {
        if (error.message !== what) throw error;
      });
      await tidy(watched);
      if (notes.length > 1) throw new Error(`${notes}`);
      if (watched.opened !== watched.closed) throw new Error(`opened ${watched.opened}, closed ${watched.closed}`);
      if (liveEmitterCount() !== before) throw new Error(`${liveEmitterCount() - before} emitters left`);
    },
  );
  await t.notThrowsAsync(
    fc.assert(property, { numRuns: runs(1000), interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true }),
  );
});
