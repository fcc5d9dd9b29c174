import test from 'ava';
import * as rx from 'rxjs';
import { fromPull } from '../../src/flow/index.ts';
import { progress } from '../../src/operators/index.ts';
import { collect } from '../support/flow.ts';
import { counted } from '../support/sources.ts';

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
