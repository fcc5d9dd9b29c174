import test from 'ava';
import { toNetcdfjs } from '../../../src/formats/netcdf/to-netcdfjs.ts';
import { classicFile } from './classic-file.ts';
import { fields, objects, readAll, samples } from './read.ts';

const FILE = classicFile({
  recordCount: 2,
  dimensions: [
    ['x', 4],
    ['time', 0],
  ],
  attributes: [
    ['title', 'char', 'cross-check'],
    ['numbers', 'double', [1.5, -2]],
  ],
  variables: [
    { name: 'x', type: 'double', dimensions: [0], values: [1, 2, 3, 4], attributes: [['units', 'char', 'm']] },
    { name: 'a', type: 'int', dimensions: [1, 0], values: [1, 2, 3, 4, 5, 6, 7, 8] },
    { name: 'b', type: 'float', dimensions: [1], values: [0.5, 1.5] },
  ],
});

test('netcdfjs finds the same dimensions, attributes, variables and values', async (t) => {
  const theirs = await toNetcdfjs(FILE);
  const records = await readAll(FILE, { slices: { values: true } });
  const dimensions = objects(records).filter((object) => object.class === 'dimension');
  t.deepEqual(
    dimensions.map((dimension) => dimension.path.slice(1)),
    theirs.dimensions.map((dimension) => dimension.name),
  );
  t.is(theirs.recordDimension.length, dimensions[1]!.shape![0]!);
  const globals = fields(records).filter((field) => field.path.startsWith('/@'));
  t.deepEqual(
    globals.map(({ name, dtype, value }) => ({ name, type: dtype, value })),
    theirs.globalAttributes.map(({ name, type, value }) => ({ name, type, value })) as never,
  );
  for (const variable of theirs.variables) {
    const ours = objects(records).find((object) => object.class === 'variable' && object.path === `/${variable.name}`);
    t.is(ours?.dtype, variable.type);
    t.is(ours?.offset, variable.offset);
    const values = samples(records).find((sample) => sample.path === `/${variable.name}`)!.value as {
      values: number[];
    };
    t.deepEqual(values.values, (theirs.getDataVariable(variable.name) as number[]).flat());
  }
});

test('what netcdfjs cannot read is refused with a reason', async (t) => {
  await t.throwsAsync(toNetcdfjs(classicFile({ version: 5 })), { code: 'ERR_UNSUPPORTED' });
  await t.throwsAsync(toNetcdfjs(FILE, { maxBytes: 10 }), { code: 'ERR_LIMIT' });
  await t.throwsAsync(toNetcdfjs(FILE.subarray(0, 60)), { code: 'ERR_MALFORMED' });
});
