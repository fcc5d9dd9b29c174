import test from 'ava';
import fc from 'fast-check';
import { RECORD_COLUMNS, recordRow, recordRows } from '../../../src/sinks/rows/flat.ts';
import type { Row } from '../../../src/sinks/rows/row.ts';
import { runs } from '../../support/runs.ts';
import { anyRecord, field, fileRecords, HOSTILE_VALUES, recordOf } from '../records.ts';

const cell = (row: Row, name: string) => row[RECORD_COLUMNS.findIndex((column) => column.name === name)];
const VALUE_COLUMNS = ['text', 'num', 'int', 'json'];
const setOnes = (row: Row) => VALUE_COLUMNS.filter((name) => cell(row, name) !== null);

test('the columns are those of the record contract', (t) => {
  const contract =
    'file, format, seq, kind, path, key, name, dtype, text, num, int, json, unit, comment, offset, length';
  t.is(RECORD_COLUMNS.map(({ name }) => name).join(', '), contract);
});

test('any record comes back equal from its row, and every cell is of its column', (t) => {
  const property = fc.property(anyRecord, (record) => {
    const row = recordRow(record);
    t.is(row.length, RECORD_COLUMNS.length);
    t.deepEqual(recordOf(row), record);
    for (const [i, { name, type, isRequired }] of RECORD_COLUMNS.entries()) {
      const value = row[i]!;
      if (value === null) t.false(isRequired, name);
      else if (type === 'int') t.true(Number.isSafeInteger(value) || typeof value === 'bigint', name);
      else t.is(typeof value, type === 'num' ? 'number' : 'string', name);
    }
    if (record.kind === 'field') t.is(setOnes(row).length, record.value === null ? 0 : 1);
    else t.deepEqual(setOnes(row), ['json']);
  });
  t.notThrows(() => fc.assert(property, { numRuns: runs(5000) }));
});

test('hostile values come back equal', (t) => {
  const records = fileRecords('a', HOSTILE_VALUES);
  t.deepEqual([...recordRows(records)].map(recordOf), records);
});

test('each value has its column', (t) => {
  const cases: [unknown, string, string, unknown][] = [
    ['a', 'LO', 'text', 'a'],
    ['9007199254740993', 'LO', 'text', '9007199254740993'],
    ['9007199254740993', '<i8', 'int', 9007199254740993n],
    ['9223372036854775808', 'uint64', 'text', '9223372036854775808'],
    ['1'.repeat(4096), 'int', 'text', '1'.repeat(4096)],
    [7, 'double', 'int', 7],
    [7.5, 'double', 'num', 7.5],
    [-0, 'double', 'num', -0],
    [2 ** 60, 'double', 'num', 2 ** 60],
    [Number.NaN, 'double', 'text', 'NaN'],
    [Number.NEGATIVE_INFINITY, 'double', 'text', '-Infinity'],
    [2n ** 63n - 1n, 'x', 'int', 2n ** 63n - 1n],
    [2n ** 63n, 'x', 'text', '9223372036854775808'],
    [-(2n ** 63n), 'x', 'int', -(2n ** 63n)],
    [5n, 'x', 'int', 5],
    [true, 'bool', 'json', 'true'],
    [new Uint8Array([1, 2, 255]), 'OB', 'json', '{"base64":"AQL/"}'],
    [{ re: [1, Number.NaN] }, 'complex', 'json', '{"re":[1,"NaN"]}'],
    ['lone \ud800', 'LO', 'text', 'lone \ufffd'],
  ];
  for (const [value, dtype, name, expected] of cases) {
    const row = recordRow(field(0, value as never, dtype));
    t.deepEqual(setOnes(row), [name], `${String(value)} ${dtype}`);
    t.is(cell(row, name), expected as never);
  }
  t.deepEqual(setOnes(recordRow({ ...field(0, null), bulk: true })), ['json']);
});

test('what is no record, or cannot be written, is an issue in its place', (t) => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const odd = { ...field(4, 1), seq: Number.NaN, offset: 1.5, path: { not: 'text' } };
  const rows = [...recordRows([field(1, 1), field(2, cycle as never), null, odd, field(3, 3)])];
  t.deepEqual(
    rows.map((row) => cell(row, 'kind')),
    ['field', 'issue', 'issue', 'field', 'field'],
  );
  t.like(recordOf(rows[1]!), { file: 'a\nb.nc', seq: 2, path: '/a@2', code: 'ERR_LIMIT', severity: 'error' });
  t.is(cell(rows[2]!, 'seq'), -1);
  t.is(cell(rows[3]!, 'seq'), -1);
  t.is(cell(rows[3]!, 'path'), '{"not":"text"}');
  t.is(cell(rows[3]!, 'offset'), null);
});
