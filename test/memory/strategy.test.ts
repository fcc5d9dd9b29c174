import type { Worker } from 'node:worker_threads';
import test from 'ava';
import { extractPieces } from '../../src/batch/extract-pieces.ts';
import type { Found } from '../../src/batch/find/found.ts';
import { openFile } from '../../src/bytes/file-input.ts';
import { drain } from '../../src/flow/drain.ts';
import { fromPull } from '../../src/flow/from-pull.ts';
import { readOpened } from '../../src/formats/read-any.ts';
import {
  chooseStrategy,
  freeBytes,
  poolOf,
  STRATEGIES,
  type StrategyChoice,
  strategyOf,
  trimPools,
} from '../../src/memory/strategy.ts';
import { fromFile } from '../../src/sources/from-file.ts';
import { KiB, MiB } from '../../src/units.ts';
import { tempFile } from '../support/temp.ts';

test('free memory against the size of the file decides', (t) => {
  const names = [301, 300, 100, 99].map((free) => chooseStrategy(100, free).name);
  t.deepEqual(names, ['aggressive', 'balanced', 'balanced', 'conservative']);
  t.is(chooseStrategy(1).name, 'aggressive');
  t.is(chooseStrategy(2 ** 50).name, 'conservative');
  t.true(freeBytes() > 0);
});

test('a choice is a name, auto, or one of your own; anything else is refused', (t) => {
  t.is(strategyOf().name, 'balanced');
  t.is(strategyOf('auto').name, 'balanced', 'of a size that is not known');
  t.is(strategyOf('auto', 1).name, 'aggressive');
  const own = { ...STRATEGIES.conservative, name: 'mine', chunkBytes: 8 * KiB };
  t.is(strategyOf(own), own);
  t.throws(() => strategyOf('fast' as 'auto'), { code: 'ERR_OPTION', message: /strategy.*'aggressive'.*'fast'/ });
  t.throws(() => strategyOf({ ...own, poolBytes: 0 }), { code: 'ERR_OPTION', message: /strategy\.poolBytes/ });
  t.throws(() => strategyOf({ ...own, readAheadCount: 17 }), { code: 'ERR_OPTION', message: /readAheadCount/ });
  t.throws(() => fromFile('x', { strategy: 'fast' as 'auto' }), { code: 'ERR_OPTION' });
});

test.serial('it reaches the reads of a file, those ahead, and the pool', async (t) => {
  const path = tempFile(t, Buffer.alloc(6 * MiB, 1));
  const seen = async (strategy: StrategyChoice, chunkBytes?: number) => {
    const pool = poolOf(strategyOf(strategy, 6 * MiB));
    const before = pool.stats();
    let out = 0;
    const lengths: number[] = [];
    await drain(
      fromFile(path, { strategy, chunkBytes }),
      async (chunk) => {
        await new Promise((resolve) => setTimeout(resolve, 2)); // the reads ahead arrive meanwhile
        out = Math.max(out, pool.stats().inUse);
        lengths.push(chunk.bytes.length);
        chunk.release();
      },
      { highWaterMark: 1 },
    );
    const { allocations, reuses } = pool.stats();
    t.is(allocations + reuses - before.allocations - before.reuses, lengths.length);
    return { chunkBytes: lengths[0], reads: lengths.length, out };
  };
  // the chunk in hand, and those read ahead
  t.deepEqual(await seen('conservative'), { chunkBytes: 64 * KiB, reads: 96, out: 1 });
  t.deepEqual(await seen('balanced'), { chunkBytes: 256 * KiB, reads: 24, out: 2 });
  t.deepEqual(await seen('aggressive'), { chunkBytes: MiB, reads: 6, out: 3 });
  t.like(await seen('auto'), { chunkBytes: MiB });
  t.like(await seen('aggressive', 512 * KiB), { chunkBytes: 512 * KiB }, 'what the caller says goes first');
  t.like(await seen({ ...STRATEGIES.balanced, chunkBytes: 32 * KiB }), { chunkBytes: 32 * KiB });
  t.not(poolOf(STRATEGIES.conservative), poolOf(STRATEGIES.balanced));
  t.true(trimPools());
  t.is(poolOf(STRATEGIES.aggressive).stats().currentlyAvailable, 0);
});

test('it reaches the readers of formats', async (t) => {
  const path = tempFile(t, Buffer.alloc(MiB));
  const binary = { sampleBytes: MiB };
  const readsOf = async (strategy: StrategyChoice | undefined, chunkBytes?: number) => {
    const input = openFile(path);
    const lengths: number[] = [];
    const { read } = input;
    input.read = (offset, lengthBytes, signal) => {
      lengths.push(lengthBytes);
      return read.call(input, offset, lengthBytes, signal);
    };
    for await (const batch of await readOpened(input, { format: 'binary', strategy, chunkBytes, binary }))
      t.truthy(batch);
    await input.close();
    return Math.max(...lengths);
  };
  t.is(await readsOf('conservative'), 64 * KiB);
  t.is(await readsOf(undefined), 256 * KiB);
  t.is(await readsOf('aggressive'), MiB);
  t.is(await readsOf('aggressive', 16 * KiB), 16 * KiB);
});

test.serial('it reaches worker threads', async (t) => {
  const path = tempFile(t, Buffer.alloc(KiB));
  const young: (number | undefined)[] = [];
  const note = (worker: Worker) => void young.push(worker.resourceLimits?.maxYoungGenerationSizeMb);
  process.on('worker', note);
  t.teardown(() => process.off('worker', note));
  async function* inputs(): AsyncGenerator<Found, void, void> {
    yield { kind: 'file', path, name: path };
  }
  for (const strategy of [undefined, 'conservative', 'aggressive'] as const) {
    await drain(extractPieces(fromPull(inputs), { jobs: 1, strategy }), (piece) => piece.release());
  }
  t.deepEqual(young, [24, 12, 48]);
});
