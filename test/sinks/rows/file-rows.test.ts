import test from 'ava';
import fc from 'fast-check';
import type { ExtractionRecord } from '../../../src/records.ts';
import { FILE_COLUMNS, FileRows } from '../../../src/sinks/rows/file-rows.ts';
import { runs } from '../../support/runs.ts';
import { fileRecords } from '../records.ts';

const named = (row: readonly unknown[]) => Object.fromEntries(FILE_COLUMNS.map(({ name }, i) => [name, row[i]]));

test('the columns are those of the record contract', (t) => {
  const contract =
    'file, format, size, mtime, media_type, status, records, bytes_read, elapsed_ms, peak_bytes, error_code, error_message';
  t.is(FILE_COLUMNS.map(({ name }) => name).join(', '), contract);
});

test('a file that ended well', (t) => {
  const [row, ...more] = [...new FileRows().take(fileRecords('a.nc', [1, 2]))];
  t.deepEqual(more, []);
  t.deepEqual(named(row!), {
    file: 'a.nc',
    format: 'netcdf',
    size: 10,
    mtime: '2024-02-29T00:00:00.000Z',
    media_type: 'application/netcdf',
    status: 'ok',
    records: 5,
    bytes_read: 10,
    elapsed_ms: 1.5,
    peak_bytes: null,
    error_code: null,
    error_message: null,
  });
});

test('a file that broke has the error that ended it; an unknown length is none', (t) => {
  const base = { file: 'p', format: 'dicom' };
  const issue = { ...base, kind: 'issue', offset: 1 } as const;
  const records: ExtractionRecord[] = [
    { ...base, seq: 0, kind: 'file', size: -1, mediaType: 'application/dicom' },
    { ...issue, seq: 1, severity: 'error', code: 'ERR_TEXT', message: 'first' },
    { ...issue, seq: 2, severity: 'error', code: 'ERR_TRUNCATED_INPUT', message: 'last \ud800' },
    { ...issue, seq: 3, severity: 'warning', code: 'W', message: 'no error' },
    { ...base, seq: 4, kind: 'end', status: 'partial', records: 5, bytesRead: 3, elapsedMs: 1, peakBytes: 9 },
  ];
  const [row] = [...new FileRows().take(records)];
  const expected = { size: null, status: 'partial', peak_bytes: 9, error_code: 'ERR_TRUNCATED_INPUT' };
  t.like(named(row!), { ...expected, error_message: 'last \ufffd' });
});

test('files that are read side by side, in batches of any cut, have one row each', (t) => {
  const property = fc.property(fc.array(fc.nat(5), { maxLength: 6 }), fc.infiniteStream(fc.nat(9)), (sizes, picks) => {
    const lanes = sizes.map((size, i) => fileRecords(`f${i}`, Array(size).fill('v')));
    const rows = new FileRows();
    const found: unknown[] = [];
    while (lanes.some((lane) => lane.length > 0)) {
      const batch = lanes.flatMap((lane) => lane.splice(0, picks.next().value));
      for (const row of rows.take(batch)) found.push([row[0], row[6]]);
    }
    t.deepEqual(
      found.sort(),
      sizes.map((size, i) => [`f${i}`, size + 3]),
    );
  });
  t.notThrows(() => fc.assert(property, { numRuns: runs(500) }));
});

test('a row without the records before it, and values that are no records', (t) => {
  const end = fileRecords('x', []).at(-1)!;
  const [row] = [...new FileRows().take([null, 5, { kind: 'odd' }, end])];
  t.like(named(row!), { file: 'x', status: 'ok', size: null, media_type: null });
});
