import test from 'ava';
import fc from 'fast-check';
import { runs } from '../../support/runs.ts';
import { everyInput } from '../hdf5/every-input.ts';
import { addDimension, addVariable, nc4File } from './nc4-file.ts';
import { comparable, end, issues, readAll } from './read.ts';

const content = fc.record({
  length: fc.integer({ min: 1, max: 5000 }),
  variables: fc.array(
    fc.record({ isChunked: fc.boolean(), isOnAxis: fc.boolean(), unit: fc.stringMatching(/^[a-z ]{1,60}$/) }),
    { maxLength: 8 },
  ),
  /** Bytes that are missing at the end, in parts of a thousand. */
  cut: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999 })),
});

test('NetCDF-4 records are the same from a path, a Buffer, a Blob, HTTP ranges and a pipe in pieces of any size', async (t) => {
  const property = fc.asyncProperty(content, async ({ length, variables, cut }) => {
    const whole = await nc4File((file) => {
      addDimension(file, 'x', length, { id: 0, values: Float64Array.from({ length }, (_, index) => index / 2) });
      for (const [index, { isChunked, isOnAxis, unit }] of variables.entries()) {
        const data = Float32Array.from({ length }, (_, at) => at * index);
        const layout = isChunked ? { chunks: [Math.ceil(length / 3)] } : {};
        const scales = isOnAxis ? { scales: ['/x'] } : {};
        const variable = addVariable(file, `v${index}`, { data, shape: [length], ...scales, ...layout });
        variable.create_attribute('units', unit, [], `S${unit.length}`);
        variable.create_attribute('_FillValue', new Float32Array([index]), [1], '<f');
      }
    });
    const bytes = whole.subarray(0, whole.length - Math.floor((whole.length * cut) / 1000));
    const options = { slices: { values: true }, cf: true };
    const expected = await readAll(bytes, options);
    if (cut === 0) t.is(end(expected).status, 'ok', JSON.stringify(issues(expected)));
    for (const [name, open] of Object.entries(await everyInput(t, bytes))) {
      const input = await open();
      t.deepEqual(comparable(await readAll(input, options)), comparable(expected), name);
      await input.close();
    }
  });
  await fc.assert(property, { numRuns: runs(30) });
});

test('a NetCDF-4 pipe longer than may be kept in memory is a clear error', async (t) => {
  const bytes = await nc4File((file) => addDimension(file, 'x', 1000, { id: 0 }));
  for (const [name, open] of Object.entries(await everyInput(t, bytes))) {
    if (!name.startsWith('pipe')) continue;
    const input = await open();
    const records = await readAll(input, { maxBufferedBytes: 4000 });
    t.like(issues(records)[0], { code: 'ERR_NOT_SEEKABLE', severity: 'error' }, name);
    t.is(end(records).status, 'failed');
    await input.close();
  }
});
