import test from 'ava';
import { drain } from '../../src/flow/drain.ts';
import { gcHintCounts, hintMajor, hintMinor, withoutHints } from '../../src/memory/gc-hints.ts';
import { saysPressure } from '../../src/memory/pressure.ts';
import { hintGc } from '../../src/operators/hint-gc.ts';
import { countedSource } from '../../src/testing/counted-source.ts';
import { MiB } from '../../src/units.ts';

/** Leaves foreign Buffers behind. */
function litter(bytes: number): void {
  for (let left = bytes; left > 0; left -= MiB) Buffer.alloc(MiB, 1);
}

test.serial('little garbage is no reason for a hint, much is', (t) => {
  while (hintMinor(1));
  const before = gcHintCounts();
  litter(MiB);
  t.false(hintMinor(1));
  litter(12 * MiB);
  t.true(hintMinor(1));
  const after = gcHintCounts();
  t.is(after.minor, before.minor + 1);
  t.true(after.reclaimedBytes > before.reclaimedBytes && after.elapsedMs > before.elapsedMs);
});

test.serial('a critical section gets no hint, however it ends', async (t) => {
  litter(16 * MiB);
  t.is(
    withoutHints(() => hintMinor(1)),
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
    t.false(hintMinor(1));
    t.false(hintMajor());
  });
  await t.throwsAsync(
    withoutHints(() => Promise.reject(new Error('late'))),
    { message: 'late' },
  );
  litter(16 * MiB);
  t.true(hintMinor(1));
});

test.serial('a share of the time that is used up is not exceeded', (t) => {
  litter(16 * MiB);
  while (gcHintCounts().elapsedMs < 300 && performance.now() < 60_000) {
    litter(10 * MiB);
    if (!hintMinor(1)) break;
  }
  const { elapsedMs } = gcHintCounts();
  t.true(elapsedMs <= 250 + performance.now());
  if (elapsedMs > 251) {
    litter(16 * MiB);
    t.false(hintMinor(Number.MIN_VALUE));
  }
});

test.serial('under critical pressure the operator has everything collected, and not again at once', async (t) => {
  const voice = {};
  saysPressure(voice, 'critical');
  const before = gcHintCounts().major;
  await drain(countedSource('io', 100).pipe(hintGc({ everyMs: 0 })), () => {});
  saysPressure(voice, undefined);
  t.is(gcHintCounts().major, before + 1);
});

test.serial('the operator passes values on, and hints behind them', async (t) => {
  const before = gcHintCounts().minor;
  const values: number[] = [];
  const source = countedSource('io', 40).pipe(hintGc({ maxTimeRatio: 1, everyMs: 0 }));
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
