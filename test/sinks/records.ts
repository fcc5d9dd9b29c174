import fc from 'fast-check';
import type { ExtractionRecord, FieldRecord } from '../../src/records.ts';
import { RECORD_COLUMNS } from '../../src/sinks/rows/flat.ts';
import type { Cell, Row } from '../../src/sinks/rows/row.ts';

/** Values that have broken sinks before. */
export const HOSTILE_VALUES: readonly FieldRecord['value'][] = [
  'nul \u0000 inside',
  '',
  ' a, "b"\r\nc ',
  '=HYPERLINK("http://example.org")',
  '-1+1',
  '\u{1f300} \uffff',
  -0,
  1e308,
  5e-324,
  2 ** 60,
  2 ** 53,
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '18446744073709551615',
  'NaN',
  '-Infinity',
  true,
  null,
  [1, 'a', null, -0],
  JSON.parse('{"__proto__":{"x":1},"constructor":2}'),
  'x'.repeat(10_000_000),
  '\u00e9"\r\n'.repeat(1_000_000),
  nested(1000),
];

function nested(depth: number): FieldRecord['value'] {
  let value: FieldRecord['value'] = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

/** A field with this value. */
export function field(seq: number, value: FieldRecord['value'], dtype = 'int64'): FieldRecord {
  const names = { path: `/a@${seq}`, key: 'k', name: 'n', dtype };
  return { file: 'a\nb.nc', format: 'netcdf', seq, kind: 'field', ...names, value, offset: seq, length: 8 };
}

/** A whole file: its frame, an object and a field for each of these values. */
export function fileRecords(file: string, values: readonly FieldRecord['value'][]): ExtractionRecord[] {
  const base = { file, format: 'netcdf' };
  const records = values.length + 3;
  return [
    { ...base, seq: 0, kind: 'file', size: 10, mtime: '2024-02-29T00:00:00.000Z', mediaType: 'application/netcdf' },
    { ...base, seq: 1, kind: 'object', path: '/t', class: 'dimension', shape: [3], maxShape: [null] },
    ...values.map((value, i) => ({ ...field(i + 2, value), ...base })),
    { ...base, seq: records - 1, kind: 'end', status: 'ok', records, bytesRead: 10, elapsedMs: 1.5 },
  ];
}

const text = fc.string({ unit: 'binary', maxLength: 8 });
const whole = fc.maxSafeNat();
const value = fc.oneof(
  { weight: 3, arbitrary: text },
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.bigInt(-(2n ** 65n), 2n ** 65n).map((big) => (Number.isSafeInteger(Number(big)) ? Number(big) : `${big}`)),
  fc.jsonValue({ stringUnit: 'binary', maxDepth: 2 }),
) as fc.Arbitrary<FieldRecord['value']>;
const place = { offset: whole, length: whole };
const base = { file: text, format: fc.constantFrom('dicom', 'netcdf'), seq: whole };
const members = fc.dictionary(fc.constantFrom('a', '__proto__', 'x'), value, { noNullPrototype: true });

/** Any record of the contract. */
export const anyRecord: fc.Arbitrary<ExtractionRecord> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        ...base,
        ...place,
        kind: fc.constant('field'),
        path: text,
        key: text,
        name: text,
        dtype: fc.constantFrom('int64', 'LO', '<u8', 'double'),
        value,
        unit: text,
        comment: text,
      },
      {
        requiredKeys: ['file', 'format', 'seq', 'kind', 'path', 'key', 'name', 'dtype', 'value'],
        noNullPrototype: true,
      },
    ),
  },
  fc.record({ ...base, kind: fc.constant('file'), size: whole, mediaType: text }, { noNullPrototype: true }),
  fc.record(
    { ...base, ...place, kind: fc.constant('sample'), path: text, index: whole, value },
    { noNullPrototype: true },
  ),
  fc.record(
    { ...base, ...place, kind: fc.constant('object'), path: text, class: fc.constant('group'), attributes: members },
    { noNullPrototype: true },
  ),
) as fc.Arbitrary<ExtractionRecord>;

/** The record that a row of the table `records` stands for. */
export function recordOf(row: Row): ExtractionRecord {
  const cells = Object.fromEntries(RECORD_COLUMNS.map(({ name }, i) => [name, row[i] ?? null]));
  const { text, num, int, json, ...named } = cells;
  const record = Object.fromEntries(Object.entries(named).filter(([, cell]) => cell !== null));
  if (record.kind !== 'field') return { ...record, ...JSON.parse(json as string) };
  if (json === '{"bulk":true}') return { ...record, value: null, bulk: true } as never;
  return {
    ...record,
    value: text ?? num ?? plain(int!) ?? (json === null ? null : JSON.parse(json as string)),
  } as never;
}

/** Integers as the contract has them: decimal strings beyond 2^53. */
function plain(cell: Cell): Cell {
  return typeof cell === 'bigint' ? `${cell}` : cell;
}
