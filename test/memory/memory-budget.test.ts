import test from 'ava';
import fc from 'fast-check';
import { MemoryBudget } from '../../src/memory/memory-budget.ts';
import { runs } from '../support/runs.ts';
import { until } from '../support/until.ts';

test('leases add up to no more than the limit; who comes later waits, first come, first served', async (t) => {
  const budget = new MemoryBudget(100);
  const first = await budget.acquire(60);
  const order: string[] = [];
  const second = budget.acquire(50);
  const third = budget.acquire(10);
  second.then(() => order.push('second'));
  third.then(() => order.push('third'));
  t.is(budget.tryAcquire(1), undefined, 'nobody goes ahead of those who wait');
  t.like(budget.snapshot(), { usedBytes: 60, waiting: 2, peakBytes: 60 });
  first.release();
  const leases = await Promise.all([second, third]);
  t.deepEqual(order, ['second', 'third']);
  t.is(budget.usedBytes, 60);
  for (const lease of leases) lease.release();
  t.like(budget.snapshot(), { usedBytes: 0, waiting: 0, peakBytes: 60, limitBytes: 100 });
});

test('an item larger than the budget passes alone', async (t) => {
  const budget = new MemoryBudget(100);
  const small = await budget.acquire(10);
  const large = budget.acquire(500);
  const after = budget.acquire(10);
  small.release();
  const lease = await large;
  t.is(budget.usedBytes, 500);
  t.is(budget.tryAcquire(0), undefined);
  lease.release();
  (await after).release();
  t.is(budget.usedBytes, 0);
});

test('an abort leaves the queue, and those behind go on', async (t) => {
  const budget = new MemoryBudget(100);
  const first = await budget.acquire(100);
  const controller = new AbortController();
  const large = budget.acquire(100, { signal: controller.signal });
  const small = budget.acquire(40);
  first.release();
  const blocker = await large;
  const again = budget.acquire(90, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await t.throwsAsync(again, { message: 'enough' });
  await t.throwsAsync(async () => budget.acquire(1, { signal: controller.signal }), { message: 'enough' });
  blocker.release();
  (await small).release();
  t.like(budget.snapshot(), { usedBytes: 0, waiting: 0 });
});

test('a stage always has its reservation, and competes for the rest', async (t) => {
  const budget = new MemoryBudget(100);
  const decode = budget.stage('decode', 40);
  const hungry = await budget.acquire(60);
  t.is(budget.tryAcquire(1), undefined, 'the reservation is not for others');
  const waiting = budget.acquire(30);
  const own = await decode.acquire(40);
  const more = decode.acquire(20);
  t.is(decode.usedBytes, 40);
  hungry.release();
  (await waiting).release();
  (await more).release();
  own.release();
  t.deepEqual(budget.snapshot().stages, [{ name: 'decode', reservedBytes: 40, usedBytes: 0 }]);
  decode.close();
  const all = budget.tryAcquire(100);
  t.truthy(all);
  all?.release();
  t.deepEqual(budget.snapshot().stages, []);
});

test('reservations beyond the limit are an ERR_BUDGET', (t) => {
  const budget = new MemoryBudget(100);
  budget.stage('read', 70);
  t.throws(() => budget.stage('write', 31), { code: 'ERR_BUDGET' });
  t.throws(() => new MemoryBudget(0), { code: 'ERR_OPTION' });
  t.throws(() => budget.tryAcquire(-1), { code: 'ERR_OPTION' });
});

test('a second release is an ERR_LEASE, and changes nothing', async (t) => {
  const budget = new MemoryBudget(100);
  const lease = await budget.acquire(10, { owner: 'a.dcm' });
  const other = await budget.acquire(20);
  lease.release();
  t.throws(() => lease.release(), { code: 'ERR_LEASE', message: /a\.dcm/ });
  t.is(budget.usedBytes, 20);
  other.release();
});

test('random work on random stages never goes above the limit, and always ends', async (t) => {
  const weights = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 12 });
  const workers = fc.array(fc.record({ stage: fc.nat({ max: 3 }), weights, isHasty: fc.boolean() }), { maxLength: 8 });
  const reservations = fc.tuple(fc.nat({ max: 15 }), fc.nat({ max: 15 }), fc.nat({ max: 15 }));
  await fc.assert(
    fc.asyncProperty(workers, reservations, fc.scheduler(), async (work, reserved, scheduler) => {
      const budget = new MemoryBudget(50);
      const lenders = [budget, ...reserved.map((bytes, index) => budget.stage(`stage ${index}`, bytes))];
      const sharedBytes = 50 - reserved.reduce((total, bytes) => total + bytes, 0);
      const isOversize = (stage: number, bytes: number) => bytes > (reserved[stage - 1] ?? 0) + sharedBytes;
      const oversize = work.flatMap(({ stage, weights: items }) => items.filter((bytes) => isOversize(stage, bytes)));
      const highestBytes = 50 + Math.max(0, ...oversize);
      const out = { bytes: 0, oversizeCount: 0 };
      const count = (stage: number, bytes: number, sign: 1 | -1) => {
        if (isOversize(stage, bytes)) out.oversizeCount += sign;
        else out.bytes += sign * bytes;
        if (out.bytes > 50 || out.oversizeCount > 1) throw new Error(`too much is out: ${JSON.stringify(out)}`);
        if (budget.usedBytes > highestBytes) throw new Error(`${budget.usedBytes} bytes are out`);
      };
      const run = async ({
        stage,
        weights: items,
        isHasty,
      }: {
        stage: number;
        weights: number[];
        isHasty: boolean;
      }) => {
        for (const bytes of items) {
          const lender = lenders[stage]!;
          const lease = (isHasty ? lender.tryAcquire(bytes) : undefined) ?? (await lender.acquire(bytes));
          count(stage, bytes, 1);
          await scheduler.schedule(Promise.resolve());
          count(stage, bytes, -1);
          lease.release();
        }
      };
      const all = Promise.all(work.map(run));
      let isDone = false;
      const done = all.then(() => {
        isDone = true;
      });
      for (let idle = 0; !isDone && idle < 1000; idle++) {
        if (scheduler.count() > 0) await scheduler.waitOne();
        else await Promise.resolve();
      }
      if (!isDone) throw new Error(`stuck: ${JSON.stringify(budget.snapshot())}`);
      await done;
      if (budget.usedBytes !== 0 || budget.snapshot().waiting !== 0) throw new Error('bytes stayed out');
    }),
    { numRuns: runs(3000) },
  );
  t.pass();
});

test('a pipeline whose stages reserve their largest item never gets stuck', async (t) => {
  const item = fc.integer({ min: 1, max: 10 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 30, max: 60 }),
      async (items, limit) => {
        const budget = new MemoryBudget(limit);
        const stages = ['read', 'parse', 'write'].map((name) => budget.stage(name, 10));
        // each item holds the lease of one stage until it has that of the next
        const pass = async (bytes: number) => {
          let held = await stages[0]!.acquire(bytes);
          for (const stage of stages.slice(1)) {
            const next = await stage.acquire(bytes);
            held.release();
            held = next;
            if (budget.usedBytes > limit) throw new Error('above the limit');
            await Promise.resolve();
          }
          held.release();
        };
        let doneCount = 0;
        for (const bytes of items) pass(bytes).then(() => doneCount++);
        await until(() => doneCount === items.length);
        if (budget.snapshot().peakBytes > limit) throw new Error('above the limit');
      },
    ),
    { numRuns: runs(300) },
  );
  t.pass();
});

test('half of a reservation is kept for what goes out', async (t) => {
  const budget = new MemoryBudget(100);
  const parse = budget.stage('parse', 40);
  const rest = await budget.acquire(60);
  const input = parse.input.tryAcquire(20);
  t.truthy(input);
  t.is(parse.input.tryAcquire(1), undefined, 'the other half is not for input');
  const output = parse.tryAcquire(20);
  t.truthy(output);
  for (const lease of [rest, input!, output!]) lease.release();
  t.is(budget.usedBytes, 0);
});

test('when all that is out is kept by those who wait, the first of them passes, and nobody begins meanwhile', async (t) => {
  const budget = new MemoryBudget(100);
  const held = [await budget.acquire(50), await budget.acquire(50)];
  const first = budget.acquire(60, { holding: [held[0]!] });
  t.is(budget.snapshot().passedAlone, 0, 'the other one may still give something back');
  const second = budget.acquire(60, { holding: [held[1]!] });
  const made = await first;
  t.like(budget.snapshot(), { usedBytes: 160, aloneBytes: 60, passedAlone: 1, waiting: 1 });
  held[0]!.release();
  t.is(budget.tryAcquire(1), undefined);
  made.release();
  const last = await second;
  t.is(budget.snapshot().aloneBytes, 60);
  held[1]!.release();
  last.release();
  t.like(budget.snapshot(), { usedBytes: 0, aloneBytes: 0 });
});

test('what a gauge reports leaves less to the others, and stops nobody for good', async (t) => {
  const budget = new MemoryBudget(100);
  const child = budget.gauge('ffmpeg');
  child.set(80);
  t.like(budget.snapshot(), { usedBytes: 80, peakBytes: 80 });
  const lease = await budget.acquire(20);
  const waiting = budget.acquire(30);
  t.is(budget.snapshot().waiting, 1);
  child.set(300);
  lease.release();
  (await waiting).release();
  t.is(budget.snapshot().passedAlone, 1);
  child.close();
  t.is(budget.usedBytes, 0);
  t.truthy(budget.tryAcquire(100));
});
