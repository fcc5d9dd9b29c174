import test from 'ava';
import * as rx from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { concatMap, groupBy, mapAsync, mergeMap } from '../../src/operators/index.ts';
import { counted, quiet, StallingSink, tally } from '../support/sources.ts';

const byThree = (value: number): number => value % 3;

test('each value reaches its group, in order', async (t) => {
  const groups = counted('sync', 300).pipe(
    groupBy(byThree),
    mergeMap(
      (group) =>
        group.pipe(
          rx.toArray(),
          rx.map((values) => [group.key, values] as const),
        ),
      3,
    ),
  );
  const found = new Map(await rx.lastValueFrom(groups.pipe(rx.toArray())));
  t.is(found.size, 3);
  for (const [key, values] of found)
    t.deepEqual(
      values,
      Array.from({ length: 100 }, (_, i) => 3 * i + key),
    );
});

for (const [name, consume] of [
  ['mergeMap', mergeMap((group: rx.GroupedObservable<number, number>) => group, 2)],
  ['concatMap', concatMap((group: rx.GroupedObservable<number, number>) => group)],
] as const) {
  test(`more groups than ${name} takes is an error that names it`, async (t) => {
    const error = await t.throwsAsync(drain(counted('async', 300).pipe(groupBy(byThree), consume), () => {}));
    t.like(error, { code: 'ERR_GROUPS' });
    t.regex(error!.message, new RegExp(name));
  });

  test(`groups of rxjs above ${name} are an error too, not silent loss`, async (t) => {
    const stock = counted('sync', 300).pipe(rx.groupBy(byThree), consume);
    t.like(await t.throwsAsync(drain(stock, () => {})), { code: 'ERR_GROUPS' });
  });
}

test('groups that nobody takes end in an error, not in a hang', async (t) => {
  const stuck = counted('async', 300).pipe(
    groupBy(byThree, { orphanMs: 20 }),
    rx.mergeMap((group) => group, 2),
  );
  const error = await t.throwsAsync(drain(stuck, () => {}));
  t.like(error, { code: 'ERR_GROUPS' });
  t.regex(error!.message, /groupBy/);
});

test('values of a group that is taken later are held for it', async (t) => {
  const late = counted('sync', 300).pipe(
    groupBy(byThree),
    mapAsync(async (group) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return group;
    }),
    mergeMap((group) => group, 3),
  );
  const values = await rx.lastValueFrom(late.pipe(rx.toArray()));
  t.deepEqual(
    values.sort((a, b) => a - b),
    Array.from({ length: 300 }, (_, i) => i),
  );
});

test('more groups than maxGroups is an error', async (t) => {
  const many = counted('sync', 100).pipe(
    groupBy((value) => value, { maxGroups: 10 }),
    mergeMap((group) => group),
  );
  t.like(await t.throwsAsync(drain(many, () => {})), { code: 'ERR_GROUPS' });
});

test('the source waits for the slowest group', async (t) => {
  const seen = tally();
  const sink = new StallingSink<number>();
  const groups = counted('sync', 1000, seen).pipe(
    groupBy(byThree),
    mergeMap((group) => group, 3),
  );
  const done = drain(groups, sink.take, { highWaterMark: 16 });
  await quiet(() => seen.emitted);
  t.true(seen.emitted <= 16);
  sink.release();
  t.is((await done).items, 1000);
});

test('an error of the source ends the groups, a key function that throws fails the stream', async (t) => {
  const failing = rx.concat(
    counted('sync', 5),
    rx.throwError(() => new Error('broken')),
  );
  const heard: string[] = [];
  const groups = failing.pipe(
    groupBy(byThree),
    mergeMap((group) => group.pipe(rx.tap({ error: (error: Error) => heard.push(error.message) })), 3),
  );
  await t.throwsAsync(
    drain(groups, () => {}),
    { message: 'broken' },
  );
  t.true(heard.length >= 1);
  const bad = counted('sync', 5).pipe(
    groupBy(() => {
      throw new Error('no key');
    }),
  );
  await t.throwsAsync(
    drain(bad, () => {}),
    { message: 'no key' },
  );
});
