import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MessageChannel } from 'node:worker_threads';
import test from 'ava';
import highland from 'highland';
import * as rx from 'rxjs';
import {
  drain,
  fromHighland,
  fromPort,
  fromReadable,
  fromWebStream,
  toAsyncIterable,
  toDuplex,
  toHighland,
  toPort,
  toReadable,
  toWebStream,
} from '../../../src/flow/index.ts';
import { liveEmitterCount } from '../../../src/flow/stall.ts';
import { sleep, upTo } from '../../support/flow.ts';
import { counted, quiet, StallingSink, tally } from '../../support/sources.ts';

const broken = (after: number): rx.Observable<number> =>
  rx.concat(
    counted('sync', after),
    rx.throwError(() => new Error('broken')),
  );

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

/** Each way out of an Observable, as an async iterable of what comes out. */
const WAYS_OUT: Readonly<Record<string, { open: (s: rx.Observable<number>) => AsyncIterable<number>; holds: number }>> =
  {
    toAsyncIterable: { open: (s) => toAsyncIterable(s), holds: 16 },
    toReadable: { open: (s) => toReadable(s), holds: 16 + 2 },
    toWebStream: { open: (s) => toWebStream(s) as unknown as AsyncIterable<number>, holds: 16 + 2 },
    toHighland: { open: (s) => toHighland(s).toNodeStream({ objectMode: true }) as Readable, holds: 16 * 2 + 4 },
    toPort: {
      open: (s) => {
        const { port1, port2 } = new MessageChannel();
        toPort(s, port1)
          .finally(() => port1.close())
          .catch(() => {});
        return toAsyncIterable(fromPort<number>(port2, { highWaterMark: 32 }));
      },
      holds: 32 + 64 + 16,
    },
    toDuplex: {
      open: (s) => toReadable(s).pipe(toDuplex(rx.map((x: number) => x))) as Readable,
      holds: 16 * 3 + 6,
    },
  };

for (const [name, way] of Object.entries(WAYS_OUT)) {
  for (const kind of ['sync', 'async', 'io'] as const) {
    test.serial(`${name}: everything, in order, and the source waits (${kind})`, async (t) => {
      const before = liveEmitterCount();
      const seen = tally();
      const found: number[] = [];
      for await (const value of way.open(counted(kind, 1000, seen))) {
        found.push(value);
        if (found.length !== 1) continue;
        await quiet(() => seen.emitted);
        t.true(seen.emitted <= 1 + way.holds, `${seen.emitted} emitted`);
      }
      t.deepEqual(found, upTo(1000));
      await sleep(5);
      t.is(seen.opened, seen.closed);
      t.is(liveEmitterCount(), before);
    });
  }

  if (name === 'toDuplex') continue;
  test.serial(`${name}: an error comes behind the values before it`, async (t) => {
    const found: number[] = [];
    const read = async () => {
      for await (const value of way.open(broken(5))) found.push(value);
    };
    await t.throwsAsync(read, { message: 'broken' });
    // Node streams drop what they hold when they are destroyed.
    if (name === 'toAsyncIterable' || name === 'toPort') t.deepEqual(found, upTo(5));
  });
}

test.serial('leaving an async iteration unsubscribes at once, also while a value is pending', async (t) => {
  const seen = tally();
  for await (const value of toAsyncIterable(counted('async', 1e9, seen))) if (value === 5) break;
  await sleep(1);
  t.is(seen.closed, 1);

  const iterator = toAsyncIterable(rx.NEVER)[Symbol.asyncIterator]();
  const pending = [iterator.next(), iterator.next()];
  await iterator.return!();
  t.deepEqual(await Promise.all(pending), [
    { value: undefined, done: true },
    { value: undefined, done: true },
  ]);
});

test.serial('destroying a Readable or cancelling a Web stream leaves the source', async (t) => {
  const seen = tally();
  const readable = toReadable(counted('io', 1e9, seen));
  readable.resume();
  await sleep(5);
  readable.destroy();
  const reader = toWebStream(counted('io', 1e9, seen)).getReader();
  await reader.read();
  await reader.cancel();
  const stream = toHighland(counted('io', 1e9, seen));
  stream.each(() => {});
  await sleep(5);
  stream.destroy();
  await quiet(() => seen.pulled);
  t.is(seen.opened, 3);
  t.is(seen.closed, 3);
});

test.serial('ways in: Readable, Web stream and highland are read no faster than the sink takes', async (t) => {
  const ways: Record<string, (source: () => Generator<number>) => rx.Observable<number>> = {
    fromReadable: (source) => fromReadable<number>(Readable.from(source(), { highWaterMark: 4 })),
    fromWebStream: (source) => {
      const iterator = source();
      const pull = (controller: ReadableStreamDefaultController<number>) => {
        const { value, done } = iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      };
      return fromWebStream<number>(new ReadableStream({ pull }) as never);
    },
    fromHighland: (source) => {
      const iterator = source();
      return fromHighland(
        highland<number>((push, next) => {
          const { value, done } = iterator.next();
          push(null, done ? (highland.nil as unknown as number) : (value as number));
          if (!done) setImmediate(next);
        }),
      );
    },
  };
  for (const [name, open] of Object.entries(ways)) {
    let pulled = 0;
    const values = function* () {
      for (let i = 0; i < 500; i++) {
        pulled++;
        yield i;
      }
    };
    const sink = new StallingSink<number>();
    const done = drain(open(values), sink.take, { highWaterMark: 16 });
    await quiet(() => pulled);
    t.true(pulled <= 16 + 8, `${name}: ${pulled} pulled`);
    sink.release();
    await done;
    t.deepEqual(sink.values, upTo(500), name);
  }
});

test.serial('ways in hand on errors, and leave their source when left', async (t) => {
  const failing = Readable.from(
    (function* () {
      yield 1;
      throw new Error('broken');
    })(),
  );
  await t.throwsAsync(
    drain(fromReadable(failing), () => {}),
    { message: 'broken' },
  );
  const errors = highland<number>((push) => push(new Error('bad')));
  await t.throwsAsync(
    drain(fromHighland(errors), () => {}),
    { message: 'bad' },
  );
  let isCancelled = false;
  const web = new ReadableStream<number>({
    pull: (controller) => controller.enqueue(1),
    cancel: () => {
      isCancelled = true;
    },
  });
  await drain(fromWebStream<number>(web as never).pipe(rx.take(2)), () => {});
  const readable = Readable.from(upTo(100));
  await drain(fromReadable<number>(readable).pipe(rx.take(2)), () => {});
  const cut = new Readable({ read() {} });
  setTimeout(() => cut.destroy(), 5);
  await t.throwsAsync(
    drain(fromReadable(cut), () => {}),
    { code: 'ERR_STREAM_PREMATURE_CLOSE' },
  );
  await sleep(1);
  t.true(isCancelled);
  t.true(readable.destroyed);
});

test.serial('a Duplex stands in a pipeline, with backpressure through it', async (t) => {
  const seen = tally();
  const found: string[] = [];
  let open: (() => void) | undefined;
  const slow = new Writable({
    objectMode: true,
    highWaterMark: 4,
    write(value: string, _, callback) {
      found.push(value);
      if (found.length === 1) open = callback;
      else callback();
    },
  });
  const operators = toDuplex<number, string>(
    rx.pipe(
      rx.filter((x) => x % 2 === 0),
      rx.map((x) => `${x}`),
    ),
  );
  const done = pipeline(toReadable(counted('sync', 2000, seen)), operators, slow);
  await quiet(() => seen.emitted);
  t.true(seen.emitted < 150, `${seen.emitted}`);
  open!();
  await done;
  t.deepEqual(
    found,
    upTo(1000).map((x) => `${2 * x}`),
  );
  const failing = toDuplex<number, number>(
    rx.map((x) => {
      if (x === 3) throw new Error('bad');
      return x;
    }),
  );
  await t.throwsAsync(
    pipeline(Readable.from(upTo(10)), failing, async (s: AsyncIterable<number>) => void (await all(s))),
    { message: 'bad' },
  );
});

test.serial('a reader that leaves its port stops the writer', async (t) => {
  const { port1, port2 } = new MessageChannel();
  const seen = tally();
  const sent = toPort(counted('async', 1e9, seen), port1);
  await drain(fromPort<number>(port2).pipe(rx.take(10)), () => {});
  await t.throwsAsync(sent, { code: 'ERR_ABORTED' });
  t.is(seen.opened, seen.closed);
  port1.close();
});
