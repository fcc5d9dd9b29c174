import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { toAsyncIterable } from '../../src/flow/bridges/to-async-iterable.ts';
import { Deferred } from '../../src/flow/deferred.ts';
import { drain } from '../../src/flow/drain.ts';
import { from } from '../../src/flow/from.ts';
import type { Lease } from '../../src/memory/lease.ts';
import { MemoryBudget } from '../../src/memory/memory-budget.ts';
import type { MemoryReport } from '../../src/memory/memory-report.ts';
import { presentPressure, saysPressure } from '../../src/memory/pressure.ts';
import { limitMemory } from '../../src/operators/limit-memory.ts';
import { mapAsync } from '../../src/operators/map-async.ts';
import { mergeMap } from '../../src/operators/merge-map.ts';
import { MemoryLimit } from '../../src/profile/memory-limit.ts';
import { MemoryMonitor } from '../../src/profile/memory-monitor.ts';
import { countedSource, SOURCE_KINDS, tally } from '../../src/testing/counted-source.ts';
import { settled } from '../../src/testing/settled.ts';
import { GiB, MiB } from '../../src/units.ts';

for (const kind of SOURCE_KINDS) {
  test.serial(`a ${kind} source waits while the budget is used up, and goes on when it is not`, async (t) => {
    const budget = new MemoryBudget(100);
    const seen = tally();
    const leases: Lease[] = [];
    let memory: MemoryReport | undefined;
    const limited = countedSource(kind, 50, { tally: seen }).pipe(
      limitMemory({ budget, pulseMs: 1000, report: (report) => (memory = report) }),
    );
    const done = drain(limited, () => {
      if (leases.length < 10) leases.push(budget.tryAcquire(10)!);
    });
    await settled(() => seen.emitted);
    t.is(seen.emitted, 10);
    for (const lease of leases) lease.release();
    t.is((await done).items, 50);
    t.is(memory!.peakBytesInFlight, 100);
    t.true(memory!.waitedMs > 0);
    t.like(memory!.slowdowns[0], { reason: 'budget' });
    t.true(memory!.slowdowns[0]!.actions.includes('waited'));
  });
}

test.serial('what is over its limit from the start comes to its end by pulses, and says why it was slow', async (t) => {
  const limit = new MemoryLimit({ maxRssBytes: MiB, pulseMs: 1 });
  const report = await drain(countedSource('sync', 20), () => {}, { valve: limit });
  t.is(report.items, 20);
  t.true(report.memory.peakRssBytes > MiB);
  const [slowdown] = report.slowdowns;
  t.like(slowdown, { reason: 'rss' });
  t.regex(slowdown!.detail, /^RSS \d+\.\d MiB of 1\.0 MiB$/);
  t.true(slowdown!.actions.includes('pulsed'));
  limit.close();
});

test.serial('what a sink holds in buffers of its own counts in the budget', async (t) => {
  const budget = new MemoryBudget(1000);
  let bufferedBytes = 0;
  let mostBytes = 0;
  const sink = {
    write(batch: readonly number[]): void {
      bufferedBytes += 10 * batch.length;
      mostBytes = Math.max(mostBytes, bufferedBytes);
      if (bufferedBytes >= 1000) setTimeout(() => (bufferedBytes = 0), 5);
    },
    get bufferedBytes() {
      return bufferedBytes;
    },
  };
  const limit = new MemoryLimit({ budget, pulseMs: 1 });
  const report = await drain(countedSource('io', 600), sink, { valve: limit, highWaterMark: 1 });
  limit.close();
  t.is(report.items, 600);
  // it is looked at every 16 items
  t.true(mostBytes <= 1170, `${mostBytes}`);
  t.true(report.memory.peakBytesInFlight >= 1000, `${report.memory.peakBytesInFlight}`);
  t.true(report.slowdowns.some(({ reason }) => reason === 'budget'));
});

test.serial('a sink that says nonsense about its buffers disturbs nothing', async (t) => {
  const sink = { write: () => {}, bufferedBytes: Number.NaN };
  const limit = new MemoryLimit({ budget: new MemoryBudget(1000), pulseMs: 1 });
  t.is((await drain(countedSource('sync', 600), sink, { valve: limit })).items, 600);
  limit.close();
});

test.serial('a run without a limit says what it did to memory, and what was done under pressure', async (t) => {
  const plain = await drain(countedSource('sync', 600), () => delay(0), { sizeOf: () => 10, highWaterMark: 16 });
  t.true(plain.memory.peakBytesInFlight >= 160 && plain.memory.peakRssBytes > MiB);
  t.deepEqual(plain.slowdowns, []);
  const voice = {};
  t.teardown(() => saysPressure(voice, undefined));
  const mapped = countedSource('sync', 40).pipe(mapAsync(async (value) => delay(1, value), { concurrency: 8 }));
  const pressed = drain(mapped, (value) => {
    if (value === 10) saysPressure(voice, 'high');
    if (value === 30) saysPressure(voice, 'normal');
  });
  const { slowdowns, elapsedMs } = await pressed;
  t.is(slowdowns.length, 1);
  t.like(slowdowns[0], { reason: 'pressure', detail: 'level high' });
  t.deepEqual(slowdowns[0]!.actions, ['lowered']);
  t.true(slowdowns[0]!.atMs + slowdowns[0]!.durationMs <= elapsedMs);
});

test.serial('a budget that nobody gives back stops no run for good', async (t) => {
  const budget = new MemoryBudget(100);
  const lease = budget.tryAcquire(100)!;
  const limited = countedSource('sync', 5).pipe(limitMemory({ budget, pulseMs: 1 }));
  t.is((await drain(limited, () => {})).items, 5);
  lease.release();
});

test.serial('a monitor that says critical holds the sources back', async (t) => {
  const monitor = new MemoryMonitor({ limitBytes: MiB });
  monitor.sample();
  let memory: MemoryReport | undefined;
  const limited = countedSource('sync', 5).pipe(limitMemory({ monitor, pulseMs: 1, report: (r) => (memory = r) }));
  t.is((await drain(limited, () => {})).items, 5);
  t.like(memory!.slowdowns[0], { reason: 'pressure' });
  monitor.stop();
});

test.serial('what waits in queues counts in the budget', async (t) => {
  const budget = new MemoryBudget(1000);
  const seen = tally();
  let release = () => {};
  const stall = new Promise<void>((resolve) => {
    release = resolve;
  });
  const limited = countedSource('io', 500, { tally: seen }).pipe(
    limitMemory({ budget, pulseMs: 500 }),
    mapAsync(() => stall, { concurrency: 100, sizeOf: () => 100 }),
  );
  const done = drain(limited, () => {});
  await settled(() => seen.emitted);
  t.true(seen.emitted <= 10 + 16 + 1, `${seen.emitted}`);
  t.true(budget.usedBytes >= 1000);
  release();
  t.is((await done).items, 500);
  t.is(budget.usedBytes, 0);
});

test.serial('each run counts its own queues, however many there are in the process', async (t) => {
  const reports: MemoryReport[] = [];
  const budgets = [new MemoryBudget(1000), new MemoryBudget(100_000)];
  const seen = budgets.map(() => tally());
  const stalls = budgets.map(() => new Deferred());
  t.teardown(() => {
    for (const { resolve } of stalls) resolve();
  });
  const done = budgets.map((budget, run) => {
    const held = mapAsync(() => stalls[run]!.promise, { concurrency: 1000, sizeOf: () => 100 });
    const limited = countedSource('io', 500, { tally: seen[run]! }).pipe(
      mergeMap((value) => from([value]).pipe(held), 1000), // the inner queues are those of the run, too
      limitMemory({ budget, pulseMs: 300, report: (report) => (reports[run] = report) }),
    );
    return drain(limited, () => {});
  });
  await settled(() => seen[0]!.emitted + seen[1]!.emitted);
  t.true(seen[0]!.emitted <= 10 + 16 + 1, `${seen[0]!.emitted}`);
  t.is(seen[1]!.emitted, 500);
  const [small = 0, large = 0] = budgets.map(({ usedBytes }) => usedBytes);
  t.true(small >= 1000 && small <= 2700, `${small}`);
  // looked at every 16 items
  t.true(large >= 48_400 && large <= 50_000, `${large}`);
  // the large one ends while the small one waits, and sees nothing of it
  stalls[1]!.resolve();
  const { memory } = await done[1]!;
  t.deepEqual([memory.slowdowns.length, reports[1]!.waitedMs, budgets[1]!.usedBytes], [0, 0, 0]);
  t.is(budgets[0]!.usedBytes, small);
  stalls[0]!.resolve();
  await done[0];
  t.true(reports[0]!.peakBytesInFlight <= 2700 && reports[1]!.peakBytesInFlight >= 48_400);
  t.true(reports[0]!.waitedMs > 0);
});

test.serial('a run reports its own peak of a budget that serves several', async (t) => {
  const budget = new MemoryBudget(10_000);
  const run = async (leaseBytes: number) => {
    let peakBytes = 0;
    const limited = countedSource('sync', 5).pipe(
      limitMemory({ budget, report: ({ peakBytesInFlight }) => (peakBytes = peakBytesInFlight) }),
    );
    await drain(limited, () => budget.tryAcquire(leaseBytes)!.release());
    return peakBytes;
  };
  t.deepEqual([await run(500), await run(30)], [500, 30]);
  t.is(budget.snapshot().peakBytes, 500);
});

test.serial('what an async iterable holds counts in the budget of its pipeline', async (t) => {
  const budget = new MemoryBudget(1000);
  const values = countedSource('sync', 100).pipe(limitMemory({ budget, pulseMs: 1 }));
  let mostBytes = 0;
  for await (const _ of toAsyncIterable(values, { highWaterMark: 100, sizeOf: () => 100 })) {
    mostBytes = Math.max(mostBytes, budget.usedBytes);
  }
  t.true(mostBytes >= 1000 && mostBytes <= 2700, `${mostBytes}`);
});

test.serial('waiting that brings nothing back is given up, once, whatever the number of items', async (t) => {
  const limit = new MemoryLimit({ maxRssBytes: MiB, pulseMs: 1 });
  let waits = 0;
  const valve = {
    get isShut() {
      return limit.isShut;
    },
    queues: limit.queues,
    report: limit.report,
    whenOpen(go: () => void) {
      waits++;
      return limit.whenOpen(go);
    },
  };
  let pressure = '';
  const { items, slowdowns } = await drain(countedSource('io', 5000), () => void (pressure = presentPressure()), {
    valve,
  });
  t.is(items, 5000);
  t.true(waits <= 60, `${waits} waits`);
  t.is(pressure, 'critical');
  const given = slowdowns.filter(({ actions }) => actions.includes('resumed'));
  t.is(given.length, 1);
  t.like(given[0], { reason: 'rss' });
  t.regex(given[0]!.detail, /^RSS .* of 1\.0 MiB, still .* MiB behind all waiting and collecting$/);
  limit.close();
  t.is(presentPressure(), 'normal');
});

test.serial('with room for all it changes nothing', async (t) => {
  const budget = new MemoryBudget(GiB);
  let memory: MemoryReport | undefined;
  const limited = countedSource('sync', 1000).pipe(limitMemory({ budget, report: (r) => (memory = r) }));
  t.is((await drain(limited, () => {})).items, 1000);
  t.deepEqual([memory!.waitedMs, memory!.slowdowns.length], [0, 0]);
  t.throws(() => limitMemory({ report: 1 as never }), { code: 'ERR_OPTION' });
});
