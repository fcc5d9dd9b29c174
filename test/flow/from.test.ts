import test from 'ava';
import * as rx from 'rxjs';
import { drain, from, fromPull } from '../../src/flow/index.ts';
import { bytesOf } from '../../src/flow/size-of.ts';
import { collect, sleep } from '../support/flow.ts';

test('from takes what from of rxjs takes', async (t) => {
  const letters = ['a', 'b'];
  async function* slowly() {
    yield* letters;
  }
  const inputs = [
    letters,
    new Set(letters),
    'ab',
    rx.of('a', 'b'),
    slowly(),
    new Map([
      ['a', 0],
      ['b', 1],
    ]).keys(),
  ];
  for (const input of inputs) t.deepEqual(await collect(from(input as string[])), letters);
  t.deepEqual(await collect(from(Promise.resolve(1))), [1]);
});

test('from waits, where from of rxjs does not', async (t) => {
  let pulled = 0;
  const values = {
    *[Symbol.iterator]() {
      for (; pulled < 1000; pulled++) yield pulled;
    },
  };
  const controller = new AbortController();
  const done = drain(from(values), () => new Promise(() => {}), { signal: controller.signal, highWaterMark: 4 });
  await sleep(20);
  t.true(pulled <= 4);
  controller.abort(new Error('enough'));
  await t.throwsAsync(done, { message: 'enough' });
});

test('an iterable that throws, or cannot be opened, is an error', async (t) => {
  const bad = fromPull((): number[] => {
    throw new Error('closed');
  });
  await t.throwsAsync(
    drain(bad, () => {}),
    { message: 'closed' },
  );
});

test('what was pulled for nobody is given to discard', async (t) => {
  for (const flatten of [true, false]) {
    const seen: number[] = [];
    const discarded: number[] = [];
    async function* values() {
      for (let i = 0; i < 10; i += 2) yield flatten ? [i, i + 1] : i;
    }
    const options = { flatten, discard: (value: number) => discarded.push(value) } as { flatten: true };
    const source = fromPull(() => values() as AsyncIterable<number[]>, options);
    const done = drain(source.pipe(rx.take(3)), (value) => void seen.push(value), { highWaterMark: 1 });
    await done;
    await sleep(5);
    t.deepEqual(seen, flatten ? [0, 1, 2] : [0, 2, 4]);
    t.deepEqual(discarded, flatten ? [3] : []);
  }
});

test('bytesOf counts buffers, chunks, strings and arrays of them', (t) => {
  t.is(bytesOf(Buffer.alloc(5)), 5);
  t.is(bytesOf({ bytes: Buffer.alloc(7) }), 7);
  t.is(bytesOf('abc'), 6);
  t.is(bytesOf([new Float64Array(2), 'a', 3]), 18);
  for (const value of [0, null, undefined, {}, { byteLength: Number.NaN }]) t.is(bytesOf(value), 0);
});
