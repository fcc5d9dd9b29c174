import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import test from 'ava';
import fc from 'fast-check';
import type { ExtractionRecord } from '../../src/records.ts';
import type { Cell } from '../../src/sinks/rows/row.ts';
import { toDuckDb } from '../../src/sinks/to-duckdb.ts';
import { runs } from '../support/runs.ts';
import { tempFolder } from '../support/temp.ts';
import { feed } from './feed.ts';
import { anyRecord, fileRecords, HOSTILE_VALUES, recordOf } from './records.ts';

async function select(path: string, sql: string): Promise<Cell[][]> {
  const instance = await DuckDBInstance.create(path, { threads: '1' });
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRows() as Cell[][];
  connection.closeSync();
  instance.closeSync();
  return rows.map((row) =>
    row.map((cell) => (typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell)),
  );
}

async function recordsIn(path: string, where = 'true'): Promise<ExtractionRecord[]> {
  const rows = await select(path, `SELECT * FROM records WHERE ${where} ORDER BY seq`);
  return rows.map(recordOf);
}

test('options are checked at the call', (t) => {
  t.throws(() => toDuckDb(''), { code: 'ERR_OPTION' });
  t.throws(() => toDuckDb('x', { commitMs: -1 }), { code: 'ERR_OPTION', message: /commitMs/ });
});

test('hostile values come back equal, also those that waited on disk', async (t) => {
  const path = join(tempFolder(t), "it's.duckdb");
  const hostile = fileRecords('a\r\n"b"; DROP TABLE records; --', HOSTILE_VALUES);
  await feed(toDuckDb(path, { heldBytes: 1 }), [hostile.slice(0, 9), hostile.slice(9)]);
  t.deepEqual(await recordsIn(path), hostile);
});

test('any records come back equal', async (t) => {
  const folder = tempFolder(t);
  let count = 0;
  const property = fc.asyncProperty(fc.array(anyRecord, { maxLength: 30 }), async (records) => {
    const path = join(folder, `${count++}.duckdb`);
    await feed(toDuckDb(path), [records]);
    const sorted = (all: readonly ExtractionRecord[]) =>
      all.map((record) => JSON.stringify(record, Object.keys(record).sort())).sort();
    t.deepEqual(sorted(await recordsIn(path)), sorted(records));
  });
  await t.notThrowsAsync(fc.assert(property, { numRuns: runs(100) }));
});

test('a file that comes again is replaced; with resume only if it has changed', async (t) => {
  const path = join(tempFolder(t), 'out.duckdb');
  const [first, second] = [fileRecords('a', [1, 2]), fileRecords('a', [3])];
  const changed = second.map((record) => (record.kind === 'file' ? { ...record, size: 11 } : record));
  await feed(toDuckDb(path), [[...first, ...fileRecords('b', [1])]]);
  await feed(toDuckDb(path, { resume: true }), [second]);
  t.deepEqual(await recordsIn(path, "file = 'a'"), first);
  await feed(toDuckDb(path, { resume: true }), [changed]);
  t.deepEqual(await recordsIn(path, "file = 'a'"), changed);
  // The same twice in one run: the one that ends last stays.
  await feed(toDuckDb(path), [first, second]);
  t.deepEqual(await recordsIn(path, "file = 'a'"), second);
  await feed(toDuckDb(path, { commitMs: 0 }), [first, second]);
  t.deepEqual(await recordsIn(path, "file = 'a'"), second);
  t.deepEqual(await select(path, 'SELECT file, records FROM files ORDER BY file'), [
    ['a', 4],
    ['b', 4],
  ]);
  t.deepEqual(await select(path, 'SELECT count(*) FROM units'), [[2]]);
});

test('a file that comes again in a run that began with nothing is replaced too', async (t) => {
  const path = join(tempFolder(t), 'out.duckdb');
  const [first, second] = [fileRecords('a', [1, 2]), fileRecords('a', [3])];
  await feed(toDuckDb(path, { commitMs: 0 }), [first, second]);
  t.deepEqual(await recordsIn(path), second);
  t.deepEqual(await select(path, 'SELECT file, records FROM files'), [['a', 4]]);
});

test('an abort leaves nothing but what is committed, and no file beside the database', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'out.duckdb');
  const broken = (function* () {
    yield [...fileRecords('a', [1]), ...fileRecords('b', ['x'.repeat(100_000)]).slice(0, 3)];
    throw new Error('the source broke');
  })();
  await t.throwsAsync(feed(toDuckDb(path, { heldBytes: 1, commitMs: 0 }), broken), { message: 'the source broke' });
  t.deepEqual(await recordsIn(path), fileRecords('a', [1]));
  t.deepEqual(readdirSync(folder), ['out.duckdb']);
});

test('each format has a view with its fields', async (t) => {
  const path = join(tempFolder(t), 'out.duckdb');
  const title = { path: '/@title', key: 'title', name: 'title', value: 'A title' };
  const records = fileRecords('a', ['x']).map((record) => (record.kind === 'field' ? { ...record, ...title } : record));
  await feed(toDuckDb(path), [records]);
  t.deepEqual(await select(path, 'SELECT file, status, title, history FROM netcdf'), [['a', 'ok', 'A title', null]]);
  t.deepEqual(await select(path, 'SELECT * FROM dicom'), []);
});

test('a file that is no database, and tables of another shape, are an ERR_SINK', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'text'), 'no database at all '.repeat(1000));
  await t.throwsAsync(feed(toDuckDb(join(folder, 'text')), []), { code: 'ERR_SINK', message: /Cannot open/ });
  await t.throwsAsync(feed(toDuckDb(join(folder, 'no/folder.duckdb')), []), { code: 'ERR_SINK' });
});
