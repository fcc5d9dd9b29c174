import test from 'ava';
import { fromPull } from '../../src/flow/index.ts';
import { concatAll, mergeAll } from '../../src/operators/index.ts';
import { collect } from '../support/flow.ts';
import { counted } from '../support/sources.ts';

test.serial('mergeAll and concatAll take sources as values', async (t) => {
  const sources = [counted('sync', 3), counted('async', 3)];
  t.deepEqual(await collect(fromPull(() => sources).pipe(concatAll())), [0, 1, 2, 0, 1, 2]);
  t.is((await collect(fromPull(() => sources).pipe(mergeAll(2)))).length, 6);
});
