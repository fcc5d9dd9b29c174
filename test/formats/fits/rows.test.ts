import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { type ColumnBatch, type RowBatch, readRows } from '../../../src/formats/fits/read-rows.ts';
import { reader } from '../../../src/formats/fits/reader.ts';
import type { ListValues, TextValues } from '../../../src/formats/fits/rows/values.ts';
import { card, emptyPrimary, end, header, imageCards, issues, padded, records, samples, table } from './build.ts';

async function batches(bytes: Buffer, options = {}): Promise<RowBatch[]> {
  const all: RowBatch[] = [];
  for await (const batch of readRows(new MemoryInput(bytes), options)) all.push(batch);
  return all;
}

async function columns(bytes: Buffer, options = {}): Promise<Record<string, ColumnBatch>> {
  const [batch] = await batches(bytes, options);
  return Object.fromEntries(batch!.columns.map((column) => [column.name, column]));
}

function row(write: (bytes: Buffer) => void, rowBytes: number): Buffer {
  const bytes = Buffer.alloc(rowBytes);
  write(bytes);
  return bytes;
}

test('each data type of a binary table is a typed column', async (t) => {
  const spec = [
    { name: 'L', form: 'L' },
    { name: 'X', form: '10X' },
    { name: 'B', form: 'B' },
    { name: 'I', form: '2I' },
    { name: 'J', form: 'J' },
    { name: 'K', form: 'K' },
    { name: 'A', form: '5A' },
    { name: 'E', form: 'E' },
    { name: 'D', form: '1D' },
    { name: 'C', form: 'C' },
    { name: 'M', form: 'M' },
    { name: 'NONE', form: '0J' },
  ];
  const one = row((bytes) => {
    bytes.write('T', 0);
    bytes.writeUInt16BE(0b1010000001_000000, 1);
    bytes[3] = 200;
    bytes.writeInt16BE(-2, 4);
    bytes.writeInt16BE(3, 6);
    bytes.writeInt32BE(-70_000, 8);
    bytes.writeBigInt64BE(-(2n ** 60n), 12);
    bytes.write('ab \0x', 20);
    bytes.writeFloatBE(1.5, 25);
    bytes.writeDoubleBE(Math.PI, 29);
    bytes.writeFloatBE(1, 37);
    bytes.writeFloatBE(-1, 41);
    bytes.writeDoubleBE(2, 45);
    bytes.writeDoubleBE(-2, 53);
  }, 61);
  const seen = await columns(table(spec, [one]));
  t.deepEqual([seen.L!.values, seen.L!.nulls], [Uint8Array.of(1), Uint8Array.of(0)]);
  t.deepEqual(seen.X!.values, Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0, 0, 1));
  t.deepEqual(seen.B!.values, Uint8Array.of(200));
  t.deepEqual(seen.I!.values, Int16Array.of(-2, 3));
  t.deepEqual(seen.J!.values, Int32Array.of(-70_000));
  t.deepEqual(seen.K!.values, BigInt64Array.of(-(2n ** 60n)));
  t.deepEqual((seen.A!.values as TextValues).toArray(), ['ab']);
  t.deepEqual(seen.E!.values, Float32Array.of(1.5));
  t.deepEqual(seen.D!.values, Float64Array.of(Math.PI));
  t.deepEqual(seen.C!.values, Float32Array.of(1, -1));
  t.deepEqual(seen.M!.values, Float64Array.of(2, -2));
  t.is(seen.NONE!.values.length, 0);
});

test('TSCAL, TZERO and TNULL make physical values', async (t) => {
  const i16 = (...values: number[]): Buffer[] => values.map((value) => row((bytes) => bytes.writeInt16BE(value), 2));
  const of = async (rows: Buffer[], ...more: [string, number][]): Promise<ColumnBatch> =>
    (
      await columns(
        table([{ name: 'V', form: 'I', cards: (n) => more.map(([key, value]) => card(`${key}${n}`, value)) }], rows),
      )
    ).V!;
  t.deepEqual((await of(i16(-32768, 0), ['TZERO', 32768])).values, Uint16Array.of(0, 32768));
  t.deepEqual((await of(i16(1, 2), ['TSCAL', 0.5], ['TZERO', 1])).values, Float64Array.of(1.5, 2));
  t.deepEqual((await of(i16(1, 2), ['TSCAL', 0.5], ['TNULL', 2])).values, Float64Array.of(0.5, Number.NaN));
  const plain = await of(i16(1, -99), ['TNULL', -99]);
  t.deepEqual([plain.values, plain.nulls], [Int16Array.of(1, -99), Uint8Array.of(0, 1)]);
  const unsignedWithNull = await of(i16(-1, -32768), ['TZERO', 32768], ['TNULL', -1]);
  t.deepEqual([unsignedWithNull.values, unsignedWithNull.nulls], [Uint16Array.of(32767, 0), Uint8Array.of(1, 0)]);
});

test('strings of an array cell are cut by TDIM or by the substring form', async (t) => {
  const rows = [Buffer.from('abcdefgh'), Buffer.from('ij  kl  ')];
  for (const spec of [{ form: '8A', cards: (n: number) => [card(`TDIM${n}`, '(4,2)')] }, { form: '8A4' }]) {
    const { S } = await columns(table([{ name: 'S', ...spec }], rows));
    t.deepEqual((S!.values as TextValues).toArray(), ['abcd', 'efgh', 'ij', 'kl']);
  }
});

function descriptor(count: number, offset: number): Buffer {
  return row((bytes) => {
    bytes.writeInt32BE(count, 0);
    bytes.writeInt32BE(offset, 4);
  }, 8);
}

test('variable-length arrays come out of the heap in any order, also behind a gap', async (t) => {
  const heap = Buffer.alloc(10 + 12);
  for (const [i, value] of [7, 8, 9, 10, 11, 12].entries()) heap.writeInt16BE(value, 10 + 2 * i);
  const rows = [descriptor(2, 6), descriptor(0, 99), descriptor(3, 0)];
  const gap = { name: 'V', form: '1PI(3)', cards: () => [card('THEAP', 24 + 10)] };
  const { V } = await columns(table([gap], rows, heap));
  const lists = V!.values as ListValues;
  t.deepEqual(
    [0, 1, 2].map((i) => lists.at(i)),
    [Int16Array.of(10, 11), new Int16Array(0), Int16Array.of(7, 8, 9)],
  );
});

test('text, logicals, bits and 64-bit descriptors live in the heap too', async (t) => {
  const wide = row((bytes) => {
    bytes.writeBigInt64BE(9n, 0);
    bytes.writeBigInt64BE(6n, 8);
  }, 16);
  const one = Buffer.concat([descriptor(4, 0), descriptor(2, 4), wide]);
  const heap = Buffer.from([...Buffer.from('text'), 84, 0, 0b10000001, 0b10000000]);
  const spec = [
    { name: 'A', form: 'PA(4)' },
    { name: 'L', form: 'PL' },
    { name: 'X', form: 'QX' },
  ];
  const seen = await columns(table(spec, [one], heap));
  t.is((seen.A!.values as ListValues).at(0), 'text');
  t.deepEqual([(seen.L!.values as ListValues).at(0), seen.L!.nulls], [Uint8Array.of(1, 0), Uint8Array.of(0, 1)]);
  t.deepEqual((seen.X!.values as ListValues).at(0), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1, 1));
});

test('a descriptor that points out of the heap is malformed, and so is a field that is wider than its row', async (t) => {
  for (const bad of [descriptor(5, 0), descriptor(1, 4), descriptor(-1, 0), descriptor(1, -1)]) {
    const all = await records(table([{ name: 'V', form: 'PB' }], [bad], Buffer.alloc(4)), { rows: true });
    t.is(issues(all)[0]?.code, 'ERR_MALFORMED');
    t.is(end(all).status, 'partial');
  }
  await t.throwsAsync(batches(table([{ name: 'V', form: '9J' }], [Buffer.alloc(8)])), { code: 'ERR_MALFORMED' });
  await t.throwsAsync(batches(table([{ name: 'V', form: '9Z' }], [Buffer.alloc(8)])), { code: 'ERR_MALFORMED' });
});

test('arrays that overlap are held to a multiple of the heap', async (t) => {
  const rows = Array.from({ length: 3000 }, () => descriptor(1000, 0));
  const all = await records(table([{ name: 'V', form: 'PB' }], rows, Buffer.alloc(1000)), { rows: true });
  t.is(issues(all)[0]?.code, 'ERR_LIMIT');
});

function textTable(rows: readonly string[], fields: readonly [string, number, string, string[]?][]): Buffer {
  const cards = fields.flatMap(([name, at, form, more], i) => [
    card(`TTYPE${i + 1}`, name),
    card(`TBCOL${i + 1}`, at),
    card(`TFORM${i + 1}`, form),
    ...(more ?? []),
  ]);
  const head = header(
    ...imageCards(8, [rows[0]!.length, rows.length], card('XTENSION', 'TABLE')),
    card('PCOUNT', 0),
    card('GCOUNT', 1),
    card('TFIELDS', fields.length),
    ...cards,
  );
  return Buffer.concat([emptyPrimary(), head, padded(Buffer.from(rows.join('')), 32)]);
}

test('text tables hold text, integers and numbers in each form', async (t) => {
  const rows = ['abc   12  1.5 125 1D2 9007199254740993', 'd     -3   **    -2E1               -1'];
  const seen = await columns(
    textTable(rows, [
      ['A', 1, 'A3'],
      ['I', 4, 'I5'],
      ['F', 9, 'F5.1'],
      ['P', 14, 'F4.2'],
      ['E', 18, 'E4.0'],
      ['K', 22, 'I17'],
    ]),
  );
  t.deepEqual((seen.A!.values as TextValues).toArray(), ['abc', 'd']);
  t.deepEqual(seen.I!.values, Int32Array.of(12, -3));
  t.deepEqual([seen.F!.values, seen.F!.nulls], [Float64Array.of(1.5, 0), Uint8Array.of(0, 1)]);
  t.deepEqual(seen.P!.values, Float64Array.of(1.25, 0));
  t.deepEqual(seen.E!.values, Float64Array.of(100, -20));
  t.deepEqual(seen.K!.values, BigInt64Array.of(9007199254740993n, -1n));
});

test('TNULL of a text table, TSCAL and TZERO apply', async (t) => {
  const { V } = await columns(
    textTable([' 4', '99'], [['V', 1, 'I2', [card('TNULL1', '99'), card('TSCAL1', 2), card('TZERO1', 1)]]]),
  );
  t.deepEqual([V!.values, V!.nulls], [Float64Array.of(9, 1), Uint8Array.of(0, 1)]);
});

test('random groups are rows of their parameters and their array', async (t) => {
  const group = (...values: number[]): Buffer =>
    row((bytes) => {
      for (const [i, value] of values.entries()) bytes.writeFloatBE(value, 4 * i);
    }, 16);
  const bytes = Buffer.concat([
    header(
      ...imageCards(-32, [0, 3]),
      card('GROUPS', true),
      card('PCOUNT', 1),
      card('GCOUNT', 2),
      card('PTYPE1', 'UU'),
      card('PSCAL1', 2),
    ),
    padded(Buffer.concat([group(1, 2, 3, 4), group(5, 6, 7, 8)])),
  ]);
  const seen = await columns(bytes, { hdu: 0 });
  t.deepEqual(seen.UU!.values, Float64Array.of(2, 10));
  t.deepEqual(seen.DATA!.values, Float32Array.of(2, 3, 4, 6, 7, 8));
});

const NUMBERS = Array.from({ length: 3000 }, (_, i) => row((bytes) => bytes.writeInt32BE(i - 1500), 4));

test('samples carry statistics of each column, a batch at a time', async (t) => {
  const all = samples(
    await records(
      table([{ name: 'N', form: 'J', cards: (n) => [card(`TUNIT${n}`, 'm'), card(`TSCAL${n}`, 2)] }], NUMBERS),
      { rows: { batchRows: 2000 } },
    ),
  );
  t.deepEqual(
    all.map(({ index, offset, length }) => [index, offset, length]),
    [
      [0, 5760, 8000],
      [1, 13760, 4000],
    ],
  );
  t.deepEqual((all[0]!.value as { columns: unknown[] }).columns.length, 1);
  t.like((all[0]!.value as { columns: unknown[] }).columns[0], {
    name: 'N',
    dtype: 'J',
    unit: 'm',
    valid: 2000,
    min: -3000,
    max: 998,
    mean: -1001,
  });
});

test('values come on request, a row an entry', async (t) => {
  const rows = [Buffer.from([84, 0, 1, 0, 2, 97, 98]), Buffer.from([0, 0, 3, 255, 255, 99, 32])];
  const spec = [
    { name: 'L', form: 'L' },
    { name: 'V', form: '2I', cards: (n: number) => [card(`TNULL${n}`, -1)] },
    { name: 'S', form: '2A' },
  ];
  const [sample] = samples(await records(table(spec, rows), { rows: { values: true } }));
  const { columns: seen } = sample!.value as { columns: { values: unknown }[] };
  t.deepEqual(
    seen.map(({ values }) => values),
    [
      [true, null],
      [
        [1, 2],
        [3, null],
      ],
      ['ab', 'c'],
    ],
  );
  const wide = samples(await records(table([{ name: 'N', form: 'J' }], NUMBERS), { rows: { values: true } }));
  t.deepEqual(
    wide.map(({ value }) => (value as { rows: number }).rows),
    [1024, 1024, 952],
  );
});

test('columns can be chosen by name', async (t) => {
  const two = table(
    [
      { name: 'A', form: 'B' },
      { name: '__proto__', form: 'B' },
    ],
    [Buffer.of(1, 2)],
  );
  const [batch] = await batches(two, { columns: ['__proto__'] });
  t.deepEqual(
    batch!.columns.map(({ name, values }) => [name, values]),
    [['__proto__', Uint8Array.of(2)]],
  );
});

test('what cannot be read of one table does not hide the next HDU', async (t) => {
  const bytes = Buffer.concat([table([{ name: 'V', form: '?' }], [Buffer.alloc(4)]), table([], []).subarray(2880)]);
  const all = await records(bytes, { rows: true });
  t.is(issues(all)[0]?.path, 'hdu[1]');
  t.is(all.filter(({ kind }) => kind === 'object').length, 3);
  t.is(end(all).status, 'partial');
});

test('rows of no bytes are no rows, however many are declared', async (t) => {
  const head = header(
    ...imageCards(8, [0, 2 ** 50], card('XTENSION', 'BINTABLE')),
    card('PCOUNT', 0),
    card('GCOUNT', 1),
    card('TFIELDS', 0),
  );
  const all = await records(Buffer.concat([emptyPrimary(), head]), { rows: true });
  t.is(samples(all).length, 0);
  t.is(end(all).status, 'ok');
});

test('complex columns count what is valid', async (t) => {
  const one = row((bytes) => bytes.writeFloatBE(Number.NaN, 4), 8);
  const [sample] = samples(await records(table([{ name: 'C', form: 'C' }], [Buffer.alloc(8), one]), { rows: true }));
  t.deepEqual((sample!.value as { columns: unknown }).columns, [{ name: 'C', dtype: 'C', valid: 1 }]);
});

test('a wrong option throws at the call', (t) => {
  const input = new MemoryInput(Buffer.alloc(0));
  for (const options of [
    { chunkBytes: 0 },
    { rows: { batchRows: -1 } },
    { pixels: { slabPixels: 0.5 } },
    { checksum: { hdus: [-1] } },
  ]) {
    t.throws(() => reader.read(input, options), { code: 'ERR_OPTION' });
  }
});
