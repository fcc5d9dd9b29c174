import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import type { Datatype } from '../../../src/formats/hdf5/index.ts';
import { cdl } from '../../../src/formats/netcdf/cdl.ts';
import { cdlUserValue } from '../../../src/formats/netcdf/cdl-user-value.ts';
import { reader } from '../../../src/formats/netcdf/reader.ts';
import { addDimension, addVariable, nc4File } from './nc4-file.ts';
import { comparable, end, fields, issues, objects, PipeInput, readAll, samples } from './read.ts';

const ocean = nc4File((file) => {
  file.create_attribute('title', 'ocean', [], 'S5');
  file.create_attribute('numbers', new Int16Array([1, -2, 3]), [3], '<h');
  file.create_attribute('lines', ['a\nb', 'c'], [2], 'S');
  file.create_attribute('_NCProperties', 'version=2', [], 'S9');
  addDimension(file, 'x', 3, { id: 1 });
  addDimension(file, 'time', 2, { id: 0, isUnlimited: true, values: new Float64Array([0, 1.5]) }).create_attribute(
    'units',
    'days since 2000-02-28',
    [],
    'S21',
  );
  const temp = addVariable(file, 'temp', {
    data: new Int16Array([10, 20, -1, 40, 50, 60]),
    shape: [2, 3],
    maxshape: [null, 3],
    chunks: [1, 3],
    scales: ['/time', '/x'],
  });
  temp.create_attribute('_FillValue', new Int16Array([-1]), [1], '<h');
  temp.create_attribute('scale_factor', 0.5, [], '<d');
  temp.create_attribute('__proto__', 'polluted', [], 'S8');
  const deep = file.create_group('deep', true);
  deep.create_attribute('depth', 1.5, [], '<f');
  addDimension(deep, 'x', 2);
  addVariable(deep, 'salt', { data: new Float32Array([1, 2]), shape: [2], scales: ['/deep/x'] });
  addVariable(deep, 'age', { data: new Int32Array([7, 8]), shape: [2], scales: ['/time'] });
  addVariable(deep, '_nc4_non_coord_x', { data: new Int32Array([1]), shape: [1] });
  deep.create_group('empty', true);
});

test('dimension scales become dimensions, in the order of their numbers; what the library hides is hidden', async (t) => {
  const records = await readAll(await ocean);
  t.is(end(records).status, 'ok');
  t.deepEqual(
    objects(records).map(({ class: kind, path, dtype, shape, maxShape, attributes }) =>
      [kind, path, dtype, JSON.stringify(shape), JSON.stringify(maxShape), attributes?.dimensions]
        .filter(Boolean)
        .join(' '),
    ),
    [
      'dimension /time [2] [null]',
      'dimension /x [3] [3]',
      'variable /time double [2] [null] time',
      'variable /temp short [2,3] [null,3] time,x',
      'group /deep',
      'dimension /deep/x [2] [2]',
      'dimension /deep/phony_dim_3 [1] [1]',
      'variable /deep/salt float [2] x',
      'variable /deep/age int [2] time',
      'variable /deep/x int [1] phony_dim_3',
      'group /deep/empty',
    ],
  );
  t.deepEqual(
    fields(records).map(({ path, dtype, value }) => [path, dtype, value]),
    [
      ['/@title', 'char', 'ocean'],
      ['/@numbers', 'short', [1, -2, 3]],
      ['/@lines', 'string', ['a\nb', 'c']],
      ['/time@units', 'char', 'days since 2000-02-28'],
      ['/temp@_FillValue', 'short', -1],
      ['/temp@scale_factor', 'double', 0.5],
      ['/temp@__proto__', 'char', 'polluted'],
      ['/deep@depth', 'float', 1.5],
    ],
  );
  t.is(({} as Record<string, unknown>).polluted, undefined);
});

test('values come chunk by chunk, decoded by the CF conventions where asked for', async (t) => {
  const found = samples(await readAll(await ocean, { slices: { path: ['/temp', 'time'], values: true }, cf: true }));
  t.deepEqual(
    found.map((sample) => [sample.path, (sample.value as Record<string, unknown>).values]),
    [
      ['/time', ['2000-02-28T00:00:00Z', '2000-02-29T12:00:00Z']],
      ['/temp', [5, 10, null]],
      ['/temp', [20, 25, 30]],
    ],
  );
  t.like(found[2]!.value, { start: [1, 0], shape: [1, 3], running: { count: 5, nanCount: 1, min: 5, max: 30 } });
  const raw = samples(await readAll(await ocean, { slices: { path: '/deep' } }));
  t.deepEqual(
    raw.map((sample) => sample.path),
    ['/deep/salt', '/deep/age', '/deep/_nc4_non_coord_x'].map((path) => path.replace('_nc4_non_coord_', '')),
  );
});

test('data without dimension scales get dimensions of their lengths', async (t) => {
  const file = await nc4File((made) => {
    addVariable(made, 'square', { data: new Float32Array(4), shape: [2, 2] });
    addVariable(made, 'line', { data: new Float32Array(2), shape: [2] });
    addVariable(made, 'other', { data: new Float32Array(5), shape: [5] });
  });
  const variables = objects(await readAll(file)).filter((object) => object.class === 'variable');
  t.deepEqual(
    variables.map((variable) => variable.attributes?.dimensions),
    [['phony_dim_0', 'phony_dim_1'], ['phony_dim_0'], ['phony_dim_2']],
  );
});

test('what NetCDF has no place for is told, not shown', async (t) => {
  const file = await nc4File((made) => {
    made.create_group('here').create_soft_link('/nowhere', 'soft');
    made.create_hard_link('/here', 'again');
    made.create_hard_link('/', 'round');
    made.create_external_link('other.h5', '/x', 'outside');
  });
  const records = await readAll(file);
  t.is(end(records).status, 'ok');
  t.deepEqual(
    objects(records).map((object) => object.path),
    ['/here'],
  );
  const told = issues(records);
  t.true(told.every((issue) => issue.severity === 'info' && issue.code === 'ERR_UNSUPPORTED'));
  t.deepEqual(told.map((issue) => issue.path).toSorted(), ['/again', '/here/soft', '/outside', '/round']);
});

test('groups deeper than maxDepth are refused', async (t) => {
  const file = await nc4File((made) => void made.create_group('a').create_group('b').create_group('c'));
  t.is(end(await readAll(file, { maxDepth: 3 })).status, 'ok');
  const records = await readAll(file, { maxDepth: 2 });
  t.is(issues(records)[0]!.code, 'ERR_LIMIT');
});

test('limits of objects and records hold, also for what is told while a file is scanned', async (t) => {
  const limited = await readAll(await ocean, { maxObjects: 3 });
  t.is(objects(limited).length, 3);
  t.is(issues(limited).at(-1)!.code, 'ERR_LIMIT');
  const many = await nc4File((made) => {
    for (let index = 0; index < 20; index++) made.create_soft_link('/nowhere', `soft${index}`);
  });
  const counts: number[] = [];
  for await (const batch of reader.read(new MemoryInput(many), { batchCount: 4 })) counts.push(batch.length);
  t.true(counts.length > 4 && Math.max(...counts) <= 5);
});

test('a small file comes through a pipe, a large one is refused', async (t) => {
  const bytes = await ocean;
  const expected = await readAll(bytes, { slices: { values: true }, cf: true });
  const piped = await readAll(new PipeInput(bytes, 100), { slices: { values: true }, cf: true });
  t.deepEqual(comparable(piped), comparable(expected));
  const refused = await readAll(new PipeInput(bytes, 100), { maxBufferedBytes: 1000 });
  t.is(issues(refused)[0]!.code, 'ERR_NOT_SEEKABLE');
});

async function textOf(bytes: Buffer): Promise<string> {
  let text = '';
  for await (const part of cdl(new MemoryInput(bytes), { name: 'ocean' })) text += part;
  return text;
}

const OCEAN_CDL = `netcdf ocean {
dimensions:
\ttime = UNLIMITED ; // (2 currently)
\tx = 3 ;
variables:
\tdouble time(time) ;
\t\ttime:units = "days since 2000-02-28" ;
\tshort temp(time, x) ;
\t\ttemp:_FillValue = -1s ;
\t\ttemp:scale_factor = 0.5 ;
\t\ttemp:__proto__ = "polluted" ;

// global attributes:
\t\t:title = "ocean" ;
\t\t:numbers = 1s, -2s, 3s ;
\t\tstring :lines = "a\\nb", "c" ;

group: deep {
  dimensions:
  \tx = 2 ;
  \tphony_dim_3 = 1 ;
  variables:
  \tfloat salt(x) ;
  \tint age(time) ;
  \tint x(phony_dim_3) ;

  // group attributes:
  \t\t:depth = 1.5f ;

  group: empty {
    } // group empty
  } // group deep
}
`;

test('a NetCDF-4 file is printed as ncdump -h prints it', async (t) => {
  t.is(await textOf(await ocean), OCEAN_CDL);
});

test('where ncdump is installed, it prints the same NetCDF-4 header', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'nc4-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'ocean.nc');
  writeFileSync(path, await ocean);
  try {
    t.is(execFileSync('ncdump', ['-h', path], { encoding: 'utf8' }), OCEAN_CDL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    t.log('ncdump is not installed');
    t.pass();
  }
});

const INT: Datatype = {
  class: 'integer',
  sizeBytes: 4,
  isBigEndian: false,
  isSigned: true,
  bitOffset: 0,
  bitCount: 32,
};
const CHAR: Datatype = { class: 'string', sizeBytes: 1, padding: 'nul-padded', charset: 'ascii' };

test('elements of user types are printed as ncdump prints them', (t) => {
  const text: Datatype = { class: 'vlen', sizeBytes: 16, isString: true, charset: 'utf8', base: CHAR };
  t.is(cdlUserValue({ class: 'vlen', sizeBytes: 16, isString: false, charset: 'ascii', base: INT }, [1, 2]), '{1, 2}');
  t.is(cdlUserValue({ class: 'opaque', sizeBytes: 2, tag: '' }, Buffer.from([0xab, 1])), '0XAB01');
  t.is(cdlUserValue(text, 'a"\n\v'), '"a\\"\\n\\n"');
  const chars: Datatype = { class: 'array', sizeBytes: 4, shape: [2, 2], base: CHAR };
  const compound: Datatype = {
    class: 'compound',
    sizeBytes: 8,
    members: [
      { name: '__proto__', byteOffset: 0, type: INT },
      { name: 'c', byteOffset: 4, type: chars },
    ],
  };
  const value = new Map<string, never>([
    ['__proto__', -5 as never],
    ['c', ['a', "'", 'b', ''] as never],
  ]);
  t.is(cdlUserValue(compound, value), '{-5, {"a\\\'", "b"}}');
});
