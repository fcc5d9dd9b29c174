import { PassThrough, Writable } from 'node:stream';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import test from 'ava';
import highland from 'highland';
import { drain } from '../../src/flow/drain.ts';
import { from } from '../../src/flow/from.ts';
import { asSink } from '../../src/sinks/as-sink.ts';
import { toArray } from '../../src/sinks/to-array.ts';
import { toWritable } from '../../src/sinks/to-writable.ts';
import { feed } from './feed.ts';

const BATCHES = [[1, 2], [3]];

test('a function is called with one value after the other, its promise waited for', async (t) => {
  const seen: string[] = [];
  const take = async (value: number) => {
    seen.push(`start ${value}`);
    await setImmediate();
    seen.push(`end ${value}`);
  };
  await feed(asSink(take), BATCHES);
  t.deepEqual(seen, ['start 1', 'end 1', 'start 2', 'end 2', 'start 3', 'end 3']);
});

test('a Writable in object mode, a WritableStream, and a sink of one own', async (t) => {
  const objects: number[] = [];
  const writable = new Writable({ objectMode: true, write: (value, _, done) => done(void objects.push(value)) });
  await feed(asSink(writable), BATCHES);
  const streamed: number[] = [];
  await feed(asSink(new WritableStream<number>({ write: (value) => void streamed.push(value) })), BATCHES);
  const array = toArray<number>();
  t.is(asSink(array), array);
  await feed(array, BATCHES);
  t.deepEqual(
    [objects, streamed, array.values],
    [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ],
  );
});

test('what cannot take values is refused at the call', (t) => {
  for (const wrong of [{}, null, 'path', undefined]) t.throws(() => asSink(wrong as never), { code: 'ERR_OPTION' });
});

test('an object-mode Writable with mark 1 never holds two values', async (t) => {
  let held = 0;
  let peak = 0;
  const slow = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write: (_value, _encoding, done) => {
      peak = Math.max(peak, ++held);
      setTimeout(() => done(void held--), 1);
    },
  });
  await feed(toWritable(slow), [Array.from({ length: 20 }, (_, i) => i)]);
  t.is(peak, 1);
  t.is(slow.writableLength, 0);
});

test('null cannot go through an object-mode stream: a typed error', async (t) => {
  await t.throwsAsync(feed(toWritable(new PassThrough({ objectMode: true })), [[null]]), { code: 'ERR_SINK' });
});

test('a WritableStream that errs rejects the run; an abort frees one that is stuck', async (t) => {
  const broken = new WritableStream({
    write: () => {
      throw new Error('no');
    },
  });
  await t.throwsAsync(feed(toWritable(broken), [[1], [2]]), { code: 'ERR_SINK', message: /no/ });
  const stuck = new WritableStream({ write: () => new Promise(() => {}) });
  const abort = new AbortController();
  const run = feed(toWritable(stuck), [[1], [2]], abort.signal);
  setTimeout(() => abort.abort('enough'), 5);
  await t.throwsAsync(run, { code: 'ERR_SINK', message: /enough/ });
});

test('a highland stream is written no faster than it is read, and the run ends when all of it is read', async (t) => {
  const stream = highland<number>();
  const seen: number[] = [];
  let given = 0;
  const numbers = function* () {
    for (; given < 50; given++) yield given;
  };
  const run = drain(from(numbers()), asSink(stream as unknown as Writable), { highWaterMark: 4 });
  await delay(50);
  t.true(given <= 6, `${given} given to a stream that nobody reads`);
  let most = 0;
  const slow = (value: number) => {
    most = Math.max(most, given - seen.push(value));
    return highland(delay(1, value));
  };
  stream.flatMap(slow).done(() => {});
  t.is((await run).items, 50);
  t.deepEqual(seen, [...Array(50).keys()]);
  t.true(most <= 8, `${most} ahead`);
});
