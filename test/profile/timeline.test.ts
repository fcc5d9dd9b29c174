import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { drain } from '../../src/flow/drain.ts';
import { hintMajor } from '../../src/memory/gc-hints.ts';
import { tapProfile } from '../../src/operators/tap-profile.ts';
import { chartsOf } from '../../src/profile/page-charts.ts';
import { Thinned } from '../../src/profile/thinned.ts';
import { Timeline, type TimelineReport } from '../../src/profile/timeline.ts';
import { countedSource } from '../../src/testing/counted-source.ts';
import { MiB } from '../../src/units.ts';

test('a series of any length is thinned out evenly', (t) => {
  const series = new Thinned<number>(100);
  for (let value = 0; value < 10_000; value++) series.push(value);
  const values = series.toArray();
  t.true(values.length > 50 && values.length <= 100);
  t.is(values[0], 0);
  const steps = values.slice(1).map((value, index) => value - values[index]!);
  t.true(steps.every((step) => step <= series.step));
  t.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
  );
});

test.serial('stages, memory and collections are on one timeline', async (t) => {
  const timeline = new Timeline({ everyMs: 2 });
  timeline.start();
  const tap = (name: string) => tapProfile<number>(() => {}, { name, timeline, sizeOf: () => 10 });
  const run = () => drain(countedSource('sync', 30).pipe(tap('numbers')), () => delay(2), { highWaterMark: 4 });
  await run();
  const isCollected = hintMajor();
  await run();
  await delay(20); // collections are told some time after
  const { stages, samples, collections, elapsedMs } = timeline.stop();
  t.deepEqual(stages, ['numbers']);
  t.true(samples.length > 10, `${samples.length}`);
  t.true(
    samples.every(({ rssBytes, heapUsedBytes, atMs }) => rssBytes > MiB && heapUsedBytes > MiB && atMs <= elapsedMs),
  );
  t.like(samples.at(-1)!.counts[0], { items: 60, bytes: 600 });
  t.true(samples.at(-1)!.counts[0]!.waitedMs > 20);
  const items = samples.map(({ counts }) => counts[0]?.items ?? 0);
  t.deepEqual(
    items,
    items.toSorted((a, b) => a - b),
    'what has ended stays counted',
  );
  if (isCollected) t.true(collections.some(({ kind, atMs }) => kind === 'major' && atMs > 0 && atMs < elapsedMs));
});

test.serial('a stage that leaves no timer a chance is sampled all the same', async (t) => {
  const timeline = new Timeline({ everyMs: 2 });
  timeline.start();
  const source = countedSource('sync', 12).pipe(tapProfile(() => {}, { timeline }));
  await drain(source, () => {
    for (const until = performance.now() + 4; performance.now() < until; );
  });
  t.true(timeline.stop().samples.length >= 8);
});

test('charts have a rate for each stage and moment, and no line for what has no bytes', (t) => {
  const counts = (items: number, bytes: number, waitedMs: number) => ({ items, bytes, waitedMs });
  const sample = { rssBytes: 3, heapUsedBytes: 2, externalBytes: 1 };
  const report: TimelineReport = {
    stages: ['reads', 'records'],
    samples: [
      { ...sample, atMs: 0, counts: [] },
      { ...sample, atMs: 500, counts: [counts(5, 1000, 250), counts(50, 0, 0)] },
      { ...sample, atMs: 1500, counts: [counts(5, 1000, 250), counts(150, 0, 1000)] },
    ],
    collections: [{ atMs: 700, elapsedMs: 3.149, kind: 'major' }],
    elapsedMs: 1500,
  };
  const { seconds, charts, marks } = chartsOf(report);
  t.deepEqual(seconds, [0, 0.5, 1.5]);
  t.deepEqual(marks, [{ atSeconds: 0.7, elapsedMs: 3.15, isMajor: true }]);
  const lines = charts.map(({ title, lines }) => [title, lines.map(({ label, values }) => [label, ...values])]);
  t.deepEqual(lines, [
    [
      'Memory',
      [
        ['RSS', 3, 3, 3],
        ['heap in use', 2, 2, 2],
        ['outside of the heap', 1, 1, 1],
      ],
    ],
    ['Throughput in bytes', [['reads', 0, 2000, 0]]],
    [
      'Throughput in items',
      [
        ['reads', 0, 10, 0],
        ['records', 0, 100, 100],
      ],
    ],
    [
      'Waiting',
      [
        ['reads', 0, 50, 0],
        ['records', 0, 0, 100],
      ],
    ],
  ]);
});
