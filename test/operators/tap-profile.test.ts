import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { take, throwError } from 'rxjs';
import { drain } from '../../src/flow/drain.ts';
import { mapAsync } from '../../src/operators/map-async.ts';
import { tapMemory } from '../../src/operators/tap-memory.ts';
import { tapProfile } from '../../src/operators/tap-profile.ts';
import type { MemorySummary } from '../../src/profile/memory-monitor.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { ProfileLog } from '../../src/profile/profile-log.ts';
import { countedSource, tally } from '../../src/testing/counted-source.ts';
import { settled } from '../../src/testing/settled.ts';
import { StallingSink } from '../../src/testing/stalling-sink.ts';
import { MiB } from '../../src/units.ts';

test.serial('a profile counts values and bytes, and says how the run ended', async (t) => {
  const profiles: Profile[] = [];
  const report = (profile: Profile) => profiles.push(profile);
  const options = { name: 'numbers', inputBytes: 1000, sizeOf: () => 10 };
  await drain(countedSource('sync', 100).pipe(tapProfile(report, options)), () => {});
  await drain(countedSource('io', 100).pipe(tapProfile(report, options), take(3)), () => {});
  await t.throwsAsync(drain(throwError(() => new Error('no')).pipe(tapProfile(report)), () => {}));
  t.like(profiles[0], { name: 'numbers', items: 100, bytes: 1000, end: 'complete' });
  t.like(profiles[1], { items: 3, end: 'unsubscribe' });
  t.like(profiles[2], { name: 'unnamed', items: 0, end: 'error', memoryRatio: undefined });
  const [{ elapsedMs, firstMs, downstreamMs, peakRssBytes, memoryRatio }] = profiles as [Profile];
  t.true(firstMs <= elapsedMs && downstreamMs <= elapsedMs && peakRssBytes > MiB && memoryRatio! >= 0);
});

test.serial('work behind it and collections are in the profile', async (t) => {
  let profile: Profile | undefined;
  const source = countedSource('io', 30).pipe(tapProfile((report) => (profile = report)));
  await drain(source, () => {
    const until = performance.now() + 2;
    let garbage: object[] = [];
    // 3 MiB and more for each value, however little of the machine there is: more than a young generation holds
    for (let round = 0; round < 100 || performance.now() < until; round++) {
      garbage = Array.from({ length: 1000 }, (_, index) => ({ index, garbage }));
    }
  });
  t.true(profile!.downstreamMs >= 60, `${profile!.downstreamMs}`);
  t.true(profile!.cpuMs > 0);
  t.true(profile!.gc.minor.count > 0 && profile!.gc.minor.elapsedMs > 0);
});

test.serial(
  'a slow sink is in the profile: the queue before it, the time its gate was shut, how long values waited',
  async (t) => {
    let fast: Profile | undefined;
    let slow: Profile | undefined;
    const source = countedSource('sync', 60).pipe(tapProfile((report) => (slow = report), { sizeOf: () => 1 }));
    await drain(source, () => delay(4), { highWaterMark: 8, sizeOf: () => 100 });
    await drain(countedSource('io', 60).pipe(tapProfile((report) => (fast = report))), () => {}, { highWaterMark: 8 });
    const { queue, waitedMs, lagMs, elapsedMs } = slow!;
    t.like(queue, { peakItems: 8, peakBytes: 800 });
    t.true(queue.meanItems > 2 && queue.meanItems <= 8, `${queue.meanItems}`);
    t.true(waitedMs > elapsedMs / 2 && waitedMs <= elapsedMs, `${waitedMs} of ${elapsedMs}`);
    t.true(lagMs > 4 && lagMs <= elapsedMs, `${lagMs}`);
    t.like(fast, { waitedMs: 0, lagMs: 0, queue: { meanItems: 0, peakItems: 0, peakBytes: 0 } });
  },
);

test.serial('of several stages each has its own queue, and a tap before no gate has none', async (t) => {
  const seen: Record<string, Profile> = {};
  const tap = (name: string) => tapProfile<number>((report) => (seen[name] = report), { name });
  const staged = countedSource('sync', 40).pipe(
    tap('before'),
    mapAsync(async (value) => value, { concurrency: 4 }),
    tap('behind'),
  );
  await drain(staged, () => delay(2), { highWaterMark: 2 });
  t.is(seen.before!.queue.peakItems, 4);
  t.is(seen.behind!.queue.peakItems, 2);
  t.true(seen.before!.waitedMs > 0 && seen.behind!.waitedMs > 0);
  countedSource('sync', 3).pipe(tap('alone')).subscribe();
  await settled(() => (seen.alone ? 1 : 0));
  t.like(seen.alone, { items: 3, waitedMs: 0, queue: { peakItems: 0 } });
});

test.serial('taps let demand through', async (t) => {
  const seen = tally();
  const sink = new StallingSink<number>();
  let summary: MemorySummary | undefined;
  const source = countedSource('sync', 500, { tally: seen }).pipe(
    tapProfile(() => {}),
    tapMemory((report) => (summary = report), { everyMs: 1 }),
  );
  const done = drain(source, sink.take, { highWaterMark: 8 });
  await settled(() => seen.emitted);
  t.true(seen.emitted <= 9, `${seen.emitted}`);
  sink.release();
  t.is((await done).items, 500);
  t.true(summary!.snapshots.length > 1 && summary!.peak.rssBytes > MiB);
});

const plain: Profile = {
  name: 'fits',
  items: 10,
  bytes: MiB,
  elapsedMs: 100,
  firstMs: 1,
  downstreamMs: 20,
  waitedMs: 30,
  queue: { meanItems: 2, peakItems: 7, peakBytes: 70 },
  lagMs: 20,
  cpuMs: 50,
  itemsPerSecond: 100,
  bytesPerSecond: 10 * MiB,
  peakRssBytes: 64 * MiB,
  grownRssBytes: MiB,
  memoryRatio: 0.5,
  gc: {
    minor: { count: 2, elapsedMs: 3 },
    major: { count: 1, elapsedMs: 4 },
    incremental: { count: 0, elapsedMs: 0 },
    weak: { count: 0, elapsedMs: 0 },
  },
  end: 'complete',
};

test('a log puts profiles together by name, and finds those that need much memory', (t) => {
  const log = new ProfileLog();
  log.add(plain);
  log.add({ ...plain, memoryRatio: 3, peakRssBytes: 80 * MiB, end: 'error' });
  log.add({ ...plain, name: 'dicom', memoryRatio: undefined });
  log.add({ ...plain, name: 'media', memoryRatio: 7 });
  t.like(log.profiles()[0], { name: 'fits', count: 2, errorCount: 1, items: 20, gcMs: 14, memoryRatio: 3 });
  t.is(log.profiles()[1]!.memoryRatio, undefined);
  t.like(log.overall(), { name: 'overall', count: 4, items: 40, cpuMs: 200, peakRssBytes: 80 * MiB, memoryRatio: 7 });
  t.deepEqual(
    log.problematic(1).map(({ name }) => name),
    ['media', 'fits'],
  );
  t.deepEqual(log.problematic(10), []);
  t.throws(() => log.problematic(0), { code: 'ERR_OPTION' });
  t.is(JSON.parse(JSON.stringify(log)).profiles.length, 3);
});

test('a log is a table for people', (t) => {
  const log = new ProfileLog();
  log.add(plain);
  const lines = String(log).split('\n');
  t.is(lines.length, 3);
  t.regex(lines[0]!, /^name +runs +errors +items +MiB +ms +CPU ms +GC ms +wait ms +queue +peak MiB +ratio$/);
  t.regex(lines[1]!, /^fits +1 +0 +10 +1\.0 +100 +50 +7 +30 +7 +64\.0 +0\.50$/);
  t.is(new Set(lines.map(({ length }) => length)).size, 1);
});
