import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { netcdfFormat } from '../../../src/formats/netcdf/format.ts';
import { reader } from '../../../src/formats/netcdf/reader.ts';
import { type ClassicContent, classicFile } from './classic-file.ts';
import { end, fields, issues, objects, readAll } from './read.ts';

const WEATHER: ClassicContent = {
  recordCount: 2,
  dimensions: [
    ['x', 3],
    ['time', 0],
  ],
  attributes: [['title', 'char', 'weather']],
  variables: [
    {
      name: 'temp',
      type: 'short',
      dimensions: [1, 0],
      values: [1, 2, 3, 4, 5, 6],
      attributes: [
        ['units', 'char', 'K'],
        ['valid_range', 'short', [-5, 7]],
      ],
    },
    { name: 'x', type: 'float', dimensions: [0], values: [0, 1, 2] },
    { name: 'flag', type: 'byte', dimensions: [1], values: [7, 8] },
    { name: 'scalar', type: 'double', values: [2.5] },
  ],
};

for (const version of [1, 2, 5] as const) {
  test(`CDF-${version}: dimensions, variables and attributes become records in the order of the file`, async (t) => {
    const records = await readAll(classicFile({ ...WEATHER, version }));
    t.is(end(records).status, 'ok');
    t.deepEqual(
      records.map((record) => `${record.kind} ${'path' in record ? record.path : ''}`),
      [
        'file ',
        'object /x',
        'object /time',
        'field /@title',
        'object /temp',
        'field /temp@units',
        'field /temp@valid_range',
        'object /x',
        'object /flag',
        'object /scalar',
        'end ',
      ],
    );
    const [x, time, temp, , , scalar] = objects(records);
    t.deepEqual([x!.shape, x!.maxShape, time!.shape, time!.maxShape], [[3], [3], [2], [null]]);
    t.like(temp, { class: 'variable', dtype: 'short', shape: [2, 3], maxShape: [null, 3], length: 12 });
    t.deepEqual(temp!.attributes, { dimensions: ['time', 'x'] });
    t.deepEqual(scalar!.shape, []);
    t.deepEqual(
      fields(records).map(({ key, name, dtype, value }) => [key, name, dtype, value]),
      [
        ['title', 'title', 'char', 'weather'],
        ['units', 'units', 'char', 'K'],
        ['valid_range', 'valid_range', 'short', [-5, 7]],
      ],
    );
  });
}

test('every record is numbered, and offset and length lead to the value', async (t) => {
  const file = classicFile(WEATHER);
  const records = await readAll(file);
  records.forEach((record, index) => void t.is(record.seq, index));
  const units = fields(records).find((field) => field.path === '/temp@units')!;
  t.is(file.toString('latin1', units.offset, units.offset! + units.length!), 'K');
  const x = objects(records).find((object) => object.class === 'variable' && object.path === '/x')!;
  t.is(file.readFloatBE(x.offset! + 8), 2);
});

test('64-bit integers beyond 2^53, NaN and infinities are safe for JSON', async (t) => {
  const attributes = [
    ['big', 'int64', [-(2n ** 63n)]],
    ['bigger', 'uint64', [2n ** 64n - 1n, 3n]],
    ['odd', 'double', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['none', 'int', []],
    ['empty', 'char', ''],
  ] as const;
  const records = await readAll(classicFile({ version: 5, attributes }));
  t.deepEqual(
    fields(records).map((field) => field.value),
    ['-9223372036854775808', ['18446744073709551615', 3], ['NaN', 'Infinity', '-Infinity'], null, ''],
  );
});

test('a file whose writer left the record count open has as many records as fit', async (t) => {
  const records = await readAll(classicFile({ ...WEATHER, recordCount: 'streaming' }));
  t.deepEqual(objects(records)[1]!.shape, [2]);
  t.is(end(records).status, 'ok');
});

test('a single record variable has no padding between its records', async (t) => {
  const content: ClassicContent = {
    recordCount: 4,
    dimensions: [['time', 0]],
    variables: [{ name: 'b', type: 'byte', dimensions: [0], values: [1, 2, 3, 4] }],
  };
  const file = classicFile(content);
  const records = await readAll(file, { slices: { values: true } });
  t.is(end(records).status, 'ok');
  t.deepEqual(records.find((record) => record.kind === 'sample')?.value, {
    start: [0],
    shape: [4],
    ...{ count: 4, nanCount: 0, min: 1, max: 4, mean: 2.5, std: Math.sqrt(1.25) },
    running: { count: 4, nanCount: 0, min: 1, max: 4, mean: 2.5, std: Math.sqrt(1.25) },
    values: [1, 2, 3, 4],
  });
  t.is(end(await readAll(file.subarray(0, -1))).status, 'partial');
});

test('a long list of numbers and a long text stay in the file, and are pointed at', async (t) => {
  const numbers = Array.from({ length: 1025 }, (_, index) => index);
  const text = 'a'.repeat(1024 * 1024 + 1);
  const attributes = [
    ['numbers', 'int', numbers],
    ['text', 'char', text],
    ['after', 'char', 'here'],
  ] as const;
  const file = classicFile({ attributes });
  const records = await readAll(file);
  const [first, second, third] = fields(records);
  t.like(first, { bulk: true, value: null, length: 4100 });
  t.is(file.readInt32BE(first!.offset! + 4096), 1024);
  t.like(second, { bulk: true, value: null, length: text.length });
  t.is(third!.value, 'here');
  t.is(end(records).status, 'ok');
  t.is(end(await readAll(file.subarray(0, second!.offset! + 100))).status, 'partial');
});

test('text that is not UTF-8 is shown as far as it can be, with a warning', async (t) => {
  const records = await readAll(classicFile({ attributes: [['unit', 'char', Buffer.from([0xb0, 0x43])]] }));
  t.is(fields(records)[0]!.value, '\uFFFDC');
  t.like(issues(records)[0], { code: 'ERR_TEXT', severity: 'warning', path: '/@unit' });
  t.is(end(records).status, 'ok');
});

test('names that come twice get paths of their own', async (t) => {
  const attributes = [
    ['a', 'char', '1'],
    ['a', 'char', '2'],
  ] as const;
  const variables = [
    { name: 'v', type: 'byte', values: [1], attributes },
    { name: 'v', type: 'byte', values: [2] },
  ] as const;
  const records = await readAll(classicFile({ attributes, variables }));
  const paths = [...fields(records), ...objects(records)].map((record) => record.path);
  t.deepEqual(paths, ['/@a', '/@a[1]', '/v@a', '/v@a[1]', '/v', '/v[1]']);
});

test('attributes, dimensions and variables named __proto__ are names like others', async (t) => {
  const records = await readAll(
    classicFile({
      dimensions: [['__proto__', 2]],
      attributes: [['__proto__', 'char', 'polluted']],
      variables: [{ name: '__proto__', type: 'byte', dimensions: [0], values: [1, 2] }],
    }),
    { slices: true },
  );
  t.is(end(records).status, 'ok');
  t.is(fields(records)[0]!.path, '/@__proto__');
  t.deepEqual(objects(records)[1]!.attributes, { dimensions: ['__proto__'] });
  t.is(({} as Record<string, unknown>).polluted, undefined);
  t.is(Object.getPrototypeOf({}), Object.prototype);
});

test('oddities that the reference library lives with are warnings', async (t) => {
  const twoRecordDimensions = await readAll(
    classicFile({
      dimensions: [
        ['a', 0],
        ['b', 0],
      ],
    }),
  );
  t.is(end(twoRecordDimensions).status, 'ok');
  t.is(issues(twoRecordDimensions)[0]!.severity, 'warning');
  const extendedType = await readAll(classicFile({ variables: [{ name: 'v', type: 'ubyte', values: [1] }] }));
  t.is(end(extendedType).status, 'ok');
  t.is(issues(extendedType)[0]!.severity, 'warning');
});

test('limits end a file with an issue, after what was found before', async (t) => {
  const records = await readAll(classicFile(WEATHER), { maxObjects: 3 });
  t.is(end(records).status, 'partial');
  t.is(issues(records)[0]!.code, 'ERR_LIMIT');
  t.is(objects(records).length, 3);
  t.is(end(await readAll(classicFile(WEATHER), { maxRecords: 1 })).status, 'partial');
});

test('batches have as many records as asked for, the last one fewer', async (t) => {
  const attributes = Array.from({ length: 20 }, (_, index) => [`a${index}`, 'int', [index]] as const);
  const variables = [{ name: 'v', type: 'int', values: [1], attributes }] as const;
  const input = new MemoryInput(classicFile({ attributes, variables }));
  const counts: number[] = [];
  for await (const batch of reader.read(input, { batchCount: 8 })) counts.push(batch.length);
  t.deepEqual(counts, [8, 8, 8, 8, 8, 3]);
});

test('a wrong option is refused at the call', (t) => {
  const input = new MemoryInput(classicFile({}));
  t.throws(() => reader.read(input, { slices: { path: 7 as never } }), { code: 'ERR_OPTION' });
  t.throws(() => reader.read(input, { chunkBytes: 0 }), { code: 'ERR_OPTION' });
});

test('the descriptor knows both kinds of files by their first bytes', (t) => {
  t.is(netcdfFormat.likelihood(classicFile({})), 1);
  t.is(netcdfFormat.likelihood(Buffer.from('CDF\x03')), 0);
  t.is(netcdfFormat.likelihood(Buffer.from('CDF')), 0);
  const hdf5 = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
  t.is(netcdfFormat.likelihood(hdf5), 1);
  t.is(netcdfFormat.likelihood(Buffer.concat([Buffer.alloc(512), hdf5])), 1);
  t.is(netcdfFormat.likelihood(Buffer.alloc(4096)), 0);
});
