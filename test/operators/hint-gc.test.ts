import test from 'ava';
import { drain } from '../../src/flow/drain.ts';
import { gcHintCounts, hintMajor, hintMinor, withoutHints } from '../../src/memory/gc-hints.ts';
import { saysPressure } from '../../src/memory/pressure.ts';
import { hintGc } from '../../src/operators/hint-gc.ts';
import { countedSource } from '../../src/testing/counted-source.ts';
import { MiB } from '../../src/units.ts';
import { until } from '../support/until.ts';

/** Leaves foreign Buffers behind. */
function litter(bytes: number): void {
  for (let left = bytes; left > 0; left -= MiB) Buffer.alloc(MiB, 1);
}

test.serial('little garbage is no reason for a hint, much is', async (t) => {
  while (hintMinor(1000));
  const before = gcHintCounts();
  litter(MiB);
  t.false(hintMinor(1000));
  litter(12 * MiB);
  t.true(hintMinor(1000));
  const after = gcHintCounts();
  t.is(after.minor, before.minor + 1);
  t.true(after.elapsedMs > before.elapsedMs);
  // V8 frees them on a thread of its own
  await until(() => gcHintCounts().reclaimedBytes > before.reclaimedBytes);
});

test.serial('a critical section gets no hint, however it ends', async (t) => {
  litter(16 * MiB);
  t.is(
    withoutHints(() => hintMinor(1000)),
    false,
  );
  t.throws(
    () =>
      withoutHints(() => {
        throw new Error('no');
      }),
    { message: 'no' },
  );
  await withoutHints(async () => {
    await Promise.resolve();
    t.false(hintMinor(1000));
    t.false(hintMajor());
  });
  await t.throwsAsync(
    withoutHints(() => Promise.reject(new Error('late'))),
    { message: 'late' },
  );
  litter(16 * MiB);
  t.true(hintMinor(1000));
});

test.serial('under critical pressure the operator has everything collected, and not again at once', async (t) => {
  const voice = {};
  saysPressure(voice, 'critical');
  const before = gcHintCounts().major;
  await drain(countedSource('io', 100).pipe(hintGc({ everyMs: 0 })), () => {});
  saysPressure(voice, undefined);
  t.is(gcHintCounts().major, before + 1);
});

test.serial('a share of the time that is used up is not exceeded', (t) => {
  const live: object[] = [];
  for (let round = 0; gcHintCounts().elapsedMs <= 250 && round < 2000; round++) {
    // young objects that survive make a collection dear
    for (let count = 0; count < 20_000; count++) live[count] = { round, count, text: `${round} ${count}` };
    litter(10 * MiB);
    hintMinor(1000);
  }
  t.true(gcHintCounts().elapsedMs > 250, 'the advance is used up');
  litter(100 * MiB);
  t.false(hintMinor(Number.MIN_VALUE));
  for (let round = 0; round < 300; round++) {
    litter(10 * MiB);
    const spentMs = gcHintCounts().elapsedMs;
    // one that has begun goes on to its end
    if (hintMinor()) t.true(spentMs <= 250 + 0.05 * performance.now(), `${spentMs}`);
  }
  const { minor } = gcHintCounts();
  for (let round = 0; gcHintCounts().minor === minor && round < 200; round++) {
    litter(10 * MiB);
    hintMinor(1000);
  }
  t.true(gcHintCounts().minor > minor, 'who allows more gets more');
});

test.serial('the operator passes values on, and hints behind them', async (t) => {
  const before = gcHintCounts().minor;
  const values: number[] = [];
  const source = countedSource('io', 40).pipe(hintGc({ maxTimeRatio: 1000, everyMs: 0 }));
  await drain(source, async (value) => {
    litter(4 * MiB);
    values.push(value);
    await new Promise((resolve) => setImmediate(resolve));
  });
  t.deepEqual(
    values,
    Array.from({ length: 40 }, (_, index) => index),
  );
  t.true(gcHintCounts().minor > before);
  t.throws(() => hintGc({ maxTimeRatio: 0 }), { code: 'ERR_OPTION' });
});
