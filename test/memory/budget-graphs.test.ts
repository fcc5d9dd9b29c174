import test from 'ava';
import fc from 'fast-check';
import type { Lease } from '../../src/memory/lease.ts';
import type { BudgetStage } from '../../src/memory/lender.ts';
import { MemoryBudget } from '../../src/memory/memory-budget.ts';
import { runs } from '../support/runs.ts';

const LIMIT = 100;

interface Graph {
  /** Reservations, in the order in which items go through; a stage gives to any number of later ones. */
  readonly reservations: readonly number[];
  readonly items: readonly Item[];
}

/** An item and what becomes of it: its weight at each stage, and the stages that it skips. */
interface Item {
  readonly weights: readonly number[];
  readonly skips: readonly boolean[];
  /** Stages behind which it becomes two. */
  readonly forks: readonly boolean[];
}

function graphs(weight: (reservedBytes: number) => fc.Arbitrary<number>): fc.Arbitrary<Graph> {
  const reservations = fc.array(fc.integer({ min: 2, max: 20 }), { minLength: 1, maxLength: 5 });
  return reservations.chain((reserved) => {
    const flags = fc.array(fc.boolean(), { minLength: reserved.length, maxLength: reserved.length });
    const weights = fc.tuple(...reserved.map(weight));
    const rare = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: reserved.length, maxLength: reserved.length });
    const forks = rare.map((values) => values.map((value) => value === 0));
    const items = fc.array(fc.record({ weights, skips: flags, forks }), { minLength: 1, maxLength: 10 });
    return fc.record({ reservations: fc.constant(reserved), items });
  });
}

interface Run {
  readonly budget: MemoryBudget;
  readonly scheduler: fc.Scheduler;
  /** Looks at the books each time that something is granted. */
  readonly check: () => void;
}

/** Goes through all stages, keeping the lease of one until it has that of the next: input, then output. */
async function flow(run: Run, stages: readonly BudgetStage[], item: Item, at: number, before?: Lease): Promise<void> {
  let held = before;
  for (let index = at; index < stages.length; index++) {
    if (item.skips[index]) continue;
    const stage = stages[index]!;
    for (const lender of [stage.input, stage]) {
      const lease = await lender.acquire(item.weights[index]!, { holding: held === undefined ? [] : [held] });
      run.check();
      await run.scheduler.schedule(Promise.resolve());
      held?.release();
      held = lease;
    }
    if (item.forks[index]) {
      // The second half of what was made goes its own way, and takes bytes of its own.
      const half = await stage.acquire(item.weights[index]!, { holding: [held!] });
      run.check();
      await Promise.all([flow(run, stages, item, index + 1, held), flow(run, stages, item, index + 1, half)]);
      return;
    }
  }
  await run.scheduler.schedule(Promise.resolve());
  held?.release();
}

/** Runs all items at once, in an order of the scheduler's choice; throws if they get stuck. */
async function runGraph(graph: Graph, scheduler: fc.Scheduler, check: (budget: MemoryBudget) => void): Promise<void> {
  const budget = new MemoryBudget(LIMIT);
  const stages = graph.reservations.map((bytes, index) => budget.stage(`stage ${index}`, bytes));
  const run = { budget, scheduler, check: () => check(budget) };
  let isDone = false;
  const done = Promise.all(graph.items.map((item) => flow(run, stages, item, 0))).then(() => {
    isDone = true;
  });
  for (let idle = 0; !isDone && idle < 100; ) {
    if (scheduler.count() > 0) {
      idle = 0;
      await scheduler.waitOne();
    } else {
      idle++;
      await Promise.resolve();
    }
  }
  if (!isDone) throw new Error(`stuck: ${JSON.stringify(budget.snapshot())}`);
  await done;
  const { usedBytes, waiting } = budget.snapshot();
  if (usedBytes !== 0 || waiting !== 0) throw new Error('bytes stayed out');
}

test('graphs of stages whose items fit their shares never go above the limit, and always end', async (t) => {
  const fitting = graphs((reservedBytes) => fc.integer({ min: 0, max: Math.floor(reservedBytes / 2) }));
  await fc.assert(
    fc.asyncProperty(fitting, fc.scheduler(), async (graph, scheduler) => {
      const unforked = {
        ...graph,
        items: graph.items.map((item) => ({ ...item, forks: item.forks.map(() => false) })),
      };
      await runGraph(unforked, scheduler, (budget) => {
        const { peakBytes, passedAlone } = budget.snapshot();
        if (peakBytes > LIMIT || passedAlone > 0) throw new Error(JSON.stringify(budget.snapshot()));
      });
    }),
    { numRuns: runs(10_000) },
  );
  t.pass();
});

test('graphs of items of any weight always end, above the limit by no more than what passed alone', async (t) => {
  const any = graphs(() => fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 300 })));
  let aloneCount = 0;
  await fc.assert(
    fc.asyncProperty(any, fc.scheduler(), async (graph, scheduler) => {
      await runGraph(graph, scheduler, (budget) => {
        const { usedBytes, aloneBytes, passedAlone } = budget.snapshot();
        if (usedBytes - aloneBytes > LIMIT) throw new Error(JSON.stringify(budget.snapshot()));
        aloneCount += passedAlone;
      });
    }),
    { numRuns: runs(10_000) },
  );
  t.true(aloneCount > 0, 'no graph was heavy enough');
});
