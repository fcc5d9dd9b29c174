import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { TidegateError } from '../../../src/errors.ts';
import { cdl } from '../../../src/formats/netcdf/cdl.ts';
import { inTime } from './in-time.ts';
import { mutate } from './mutate.ts';
import { addDimension, addVariable, nc4File } from './nc4-file.ts';
import { end, issues, readAll } from './read.ts';

const isFull = process.env.TIDEGATE_TEST_RUNS === 'ci';
const RUNS = isFull ? 10_000 : 500;
const CUT_STEP_BYTES = isFull ? 1 : 37;

const files = Promise.all([
  nc4File((file) => {
    addDimension(file, 'x', 3, { id: 0 });
    addVariable(file, 'v', { data: new Int16Array([1, 2, 3]), shape: [3], scales: ['/x'], chunks: [2] });
  }),
  nc4File((file) => {
    addDimension(file, 'time', 2, { isUnlimited: true, values: new Float64Array([0, 1]) });
    file.create_group('g', true).create_attribute('list', ['a', 'b'], [2], 'S');
  }),
  nc4File((file) => addVariable(file, 'plain', { data: new Float32Array(6), shape: [2, 3] }), { track_order: false }),
]);

test(`${RUNS} mutants of NetCDF-4 files give records, and an issue of tidegate where they are wrong, in time`, async (t) => {
  const made = await files;
  for (let seed = 0; seed < RUNS; seed++) {
    const mutant = mutate(made[seed % made.length]!, seed);
    const records = await inTime(`seed ${seed}`, () =>
      readAll(mutant, { slices: { values: seed % 2 === 0 }, cf: seed % 3 === 0 }),
    );
    t.is(records.at(-1)!.kind, 'end');
    const internal = issues(records).find((issue) => issue.code === 'ERR_INTERNAL');
    t.is(internal, undefined, `seed ${seed}: ${internal?.message}`);
    if (seed % 10 > 0) continue;
    try {
      for await (const _ of cdl(new MemoryInput(mutant)));
    } catch (error) {
      t.true(error instanceof TidegateError, `seed ${seed}: ${error}`);
    }
  }
});

test('a NetCDF-4 file that is cut anywhere is never ok', async (t) => {
  for (const file of await files) {
    for (let length = 0; length < file.length; length += CUT_STEP_BYTES) {
      const records = await readAll(file.subarray(0, length));
      t.not(end(records).status, 'ok', `${length} of ${file.length} bytes`);
      t.deepEqual(
        issues(records).filter((issue) => issue.code === 'ERR_INTERNAL'),
        [],
      );
    }
  }
});
