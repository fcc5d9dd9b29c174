import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { ExtractionRecord } from '../../src/records.ts';
import { RECORD_COLUMNS, recordRow } from '../../src/sinks/rows/flat.ts';
import type { Cell, Row } from '../../src/sinks/rows/row.ts';
import { type CsvOptions, toCsv } from '../../src/sinks/to-csv.ts';
import { runs } from '../support/runs.ts';
import { tempFolder } from '../support/temp.ts';
import { feed } from './feed.ts';
import { anyRecord, field, fileRecords, HOSTILE_VALUES, recordOf } from './records.ts';

const NAMES = RECORD_COLUMNS.map(({ name }) => name);

const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|\r\n)/y;

/** The fields of a text by the grammar of RFC 4180: `null` for one that is empty without quotes. */
function parseCsv(text: string): (string | null)[][] {
  const lines: (string | null)[][] = [[]];
  for (let at = 0; at < text.length; ) {
    FIELD.lastIndex = at;
    const [whole, quoted, bare] = FIELD.exec(text)!;
    lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? (bare || null));
    at += whole.length;
    if (whole.endsWith('\r\n')) lines.push([]);
  }
  return lines.slice(0, -1);
}

/** Text of a CSV file as rows, cells typed by their columns. */
function rowsOf(text: string): Row[] {
  const [head, ...lines] = parseCsv(text);
  if (head!.join() !== NAMES.join()) throw new Error(`these are other columns: ${head}`);
  return lines.map((line) => line.map((cell, i) => typed(cell, RECORD_COLUMNS[i]!.type)));
}

function typed(cell: string | null, type: string): Cell {
  if (cell === null || type === 'text') return cell;
  return type === 'int' && !Number.isSafeInteger(Number(cell)) ? BigInt(cell) : Number(cell);
}

async function csvOf(records: readonly ExtractionRecord[], options?: CsvOptions): Promise<string> {
  const stream = new PassThrough();
  const [bytes] = await Promise.all([buffer(stream), feed(toCsv(stream, options), [records])]);
  return bytes.toString();
}

async function readBack(t: ExecutionContext, records: readonly ExtractionRecord[]): Promise<void> {
  const rows = rowsOf(await csvOf(records, { raw: true }));
  t.deepEqual(rows.map(recordOf), records as ExtractionRecord[]);
}

test('any records come back equal by the grammar of RFC 4180', async (t) => {
  await readBack(t, fileRecords('a\r\n"b".nc', HOSTILE_VALUES));
  const property = fc.asyncProperty(fc.array(anyRecord, { maxLength: 5 }), (records) => readBack(t, records));
  await t.notThrowsAsync(fc.assert(property, { numRuns: runs(1000) }));
});

test('no text is a formula, whatever it is, and all other text is as it was', async (t) => {
  const property = fc.asyncProperty(
    fc.array(
      fc.tuple(fc.constantFrom('', '=', '+', '-', '@', '\t', '\r', '\n', '\uff1d'), fc.string({ unit: 'binary' })),
    ),
    async (pairs) => {
      const texts = pairs.map((pair) => pair.join('').replace(/\p{Surrogate}/gu, ''));
      const rows = rowsOf(await csvOf(texts.map((text, i) => field(i, text, 'LO'))));
      for (const [i, text] of texts.entries()) {
        const cell = rows[i]![NAMES.indexOf('text')] as string;
        t.false(/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell));
        t.true(cell === text || cell === `'${text}`);
      }
    },
  );
  await t.notThrowsAsync(fc.assert(property, { numRuns: runs(500) }));
  const [number] = rowsOf(await csvOf([field(0, -5)]));
  t.is(number![NAMES.indexOf('int')], -5);
});

test('lines end in CR LF, what has to be quoted is, no value is nothing, empty text is ""', async (t) => {
  const text = await csvOf([{ ...field(3, 'a "b", c', 'LO'), unit: '' }]);
  t.is(text, `${NAMES.join()}\r\n"a\nb.nc",netcdf,3,field,/a@3,k,n,LO,"a ""b"", c",,,,"",,3,8\r\n`);
  t.is(await csvOf([]), `${NAMES.join()}\r\n`);
});

test('the table of files has a row for each file that has ended', async (t) => {
  const text = await csvOf([...fileRecords('a', [1]), ...fileRecords('b', []).slice(0, -1)], { table: 'files' });
  const [head, row, ...more] = parseCsv(text);
  t.is(head![0], 'file');
  t.is(head!.at(-1), 'error_message');
  t.deepEqual(row!.slice(0, 9), [
    'a',
    'netcdf',
    '10',
    '2024-02-29T00:00:00.000Z',
    'application/netcdf',
    'ok',
    '4',
    '10',
    '1.5',
  ]);
  t.deepEqual(more, []);
});

test('a path is atomic, .gz compresses; an abort leaves the old file', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'out.csv');
  writeFileSync(path, 'old');
  const broken = (function* () {
    yield [field(0, 1)];
    t.is(readFileSync(path, 'utf8'), 'old');
    throw new Error('the source broke');
  })();
  await t.throwsAsync(feed(toCsv(path), broken), { message: 'the source broke' });
  t.is(readFileSync(path, 'utf8'), 'old');
  await feed(toCsv(path), [[field(0, 1)], [field(1, 2)]]);
  await feed(toCsv(`${path}.gz`), [[field(0, 1), field(1, 2)]]);
  t.is(rowsOf(readFileSync(path, 'utf8')).length, 2);
  t.is(gunzipSync(readFileSync(`${path}.gz`)).toString(), readFileSync(path, 'utf8'));
  t.deepEqual(readdirSync(folder).sort(), ['out.csv', 'out.csv.gz']);
});

test('a cycle is an issue between its neighbours; options are checked at the call', async (t) => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const rows = rowsOf(await csvOf([field(1, 1), field(2, cycle as never), field(3, 3)]));
  t.deepEqual(
    rows.map((row) => row[3]),
    ['field', 'issue', 'field'],
  );
  t.throws(() => toCsv('x', { table: 'rows' as never }), { code: 'ERR_OPTION', message: /table/ });
  t.throws(() => toCsv('' as never), { code: 'ERR_OPTION' });
});

test('a full disk is an ERR_SINK', async (t) => {
  if (!existsSync('/dev/full')) return t.pass('this system has no /dev/full');
  await t.throwsAsync(feed(toCsv('/dev/full'), [[field(0, 1)]]), { code: 'ERR_SINK', message: /ENOSPC/ });
});

test('recordRow and the file agree on -0 and on large integers', async (t) => {
  const records = [field(0, -0), field(1, '9223372036854775807'), field(2, 0.1)];
  t.deepEqual(
    rowsOf(await csvOf(records)),
    records.map((record) => [...recordRow(record)]),
  );
});
