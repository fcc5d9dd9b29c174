import test from 'ava';
import { inTurn, type Part } from '../../../src/formats/media/in-turn.ts';

async function* numbers(...values: number[]): AsyncGenerator<number, void, void> {
  yield* values;
}

async function all<T>(sequence: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of sequence) found.push(value);
  return found;
}

test('parts come one after the other, parts of parts in their place, and each is opened when it is its turn', async (t) => {
  const opened: string[] = [];
  const part =
    (name: string, ...values: number[]): Part<number> =>
    () => {
      opened.push(name);
      return numbers(...values);
    };
  const nested: Part<number> = async () => [part('b', 2), part('empty'), part('c', 3)];
  const sequence = inTurn([part('a', 0, 1), nested, () => undefined, part('d', 4)]);
  t.deepEqual(await sequence.next(), { done: false, value: 0 });
  t.deepEqual(opened, ['a']);
  t.deepEqual(await all(sequence), [1, 2, 3, 4]);
  t.deepEqual(opened, ['a', 'b', 'empty', 'c', 'd']);
});

test('it is closed once: at the end, after an error, when it is left, also before it began', async (t) => {
  let closed = 0;
  const close = (): void => {
    closed++;
  };
  await all(inTurn([() => numbers(1)], close));
  t.is(closed, 1);
  const failing = inTurn<number>([() => Promise.reject(new Error('no'))], close);
  await t.throwsAsync(failing.next(), { message: 'no' });
  t.deepEqual(await failing.next(), { done: true, value: undefined });
  t.is(closed, 2);
  for await (const _ of inTurn([() => numbers(1, 2)], close)) break;
  t.is(closed, 3);
  const unread = inTurn([() => numbers(1)], close);
  await unread.return();
  t.deepEqual(await unread.next(), { done: true, value: undefined });
  t.is(closed, 4);
});

test('steps that are asked for side by side come in order', async (t) => {
  const sequence = inTurn([() => numbers(1), () => numbers(2, 3)]);
  const steps = await Promise.all([sequence.next(), sequence.next(), sequence.next(), sequence.next()]);
  t.deepEqual(
    steps.map(({ value }) => value),
    [1, 2, 3, undefined],
  );
});
