import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { ExtractionRecord } from '../../src/records.ts';
import { RECORD_COLUMNS } from '../../src/sinks/rows/flat.ts';
import type { Cell, Row } from '../../src/sinks/rows/row.ts';
import { type ParquetOptions, toParquet } from '../../src/sinks/to-parquet.ts';
import { MiB } from '../../src/units.ts';
import { peakRssOf } from '../support/peak-rss.ts';
import { runs } from '../support/runs.ts';
import { tempFolder } from '../support/temp.ts';
import { feed } from './feed.ts';
import { anyRecord, field, fileRecords, HOSTILE_VALUES, recordOf } from './records.ts';

async function parquetOf(
  batches: readonly (readonly ExtractionRecord[])[],
  options?: ParquetOptions,
): Promise<ArrayBuffer> {
  const stream = new PassThrough();
  const [bytes] = await Promise.all([buffer(stream), feed(toParquet(stream, options), batches)]);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}

async function rowsOf(file: ArrayBuffer): Promise<Row[]> {
  const objects = await parquetReadObjects({ file });
  return objects.map((object) => RECORD_COLUMNS.map(({ name }) => small(object[name] as Cell)));
}

/** The reader gives a bigint for every INT64. */
function small(cell: Cell): Cell {
  return typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
}

async function readBack(
  t: ExecutionContext,
  records: readonly ExtractionRecord[],
  options?: ParquetOptions,
): Promise<void> {
  const rows = await rowsOf(await parquetOf([records], options));
  t.deepEqual(rows.map(recordOf), records as ExtractionRecord[]);
}

test('any records come back equal, read by hyparquet', async (t) => {
  await readBack(t, fileRecords('a\r\n"b".nc', HOSTILE_VALUES));
  const property = fc.asyncProperty(
    fc.array(anyRecord, { maxLength: 40 }),
    fc.integer({ min: 1, max: 50 }),
    (records, rowGroupRows) => readBack(t, records, { rowGroupRows }),
  );
  await t.notThrowsAsync(fc.assert(property, { numRuns: runs(500) }));
});

test('columns are strings, INT64 and DOUBLE; required where every row has a value', async (t) => {
  const { schema } = parquetMetadata(await parquetOf([[field(0, 1)]]));
  const found = schema
    .slice(1)
    .map(({ name, type, converted_type, repetition_type }) => [name, type, converted_type, repetition_type]);
  const physical = { text: ['BYTE_ARRAY', 'UTF8'], int: ['INT64', undefined], num: ['DOUBLE', undefined] };
  t.deepEqual(
    found,
    RECORD_COLUMNS.map(({ name, type, isRequired }) => [name, ...physical[type], isRequired ? 'REQUIRED' : 'OPTIONAL']),
  );
});

test('a row group is full by rows or by bytes, across batches', async (t) => {
  const groups = (file: ArrayBuffer) => parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows));
  const batches = Array.from({ length: 5 }, (_, i) => [field(2 * i, 'a', 'LO'), field(2 * i + 1, 'b', 'LO')]);
  t.deepEqual(groups(await parquetOf(batches)), [10]);
  t.deepEqual(groups(await parquetOf(batches, { rowGroupRows: 3 })), [3, 3, 3, 1]);
  const long = 'x'.repeat(5_000_000);
  t.deepEqual(groups(await parquetOf([[field(0, 'a'), field(1, long, 'LO'), field(2, 'b')]])), [2, 1]);
  t.deepEqual(groups(await parquetOf([[]])), []);
});

test('a stream without records is a file without rows', async (t) => {
  const file = await parquetOf([]);
  t.deepEqual(await parquetReadObjects({ file }), []);
  t.is(parquetMetadata(file).schema.length, RECORD_COLUMNS.length + 1);
});

test('the table of files has a row for each file that has ended', async (t) => {
  const records = [...fileRecords('a', [1]), ...fileRecords('b', [])];
  const rows = await parquetReadObjects({ file: await parquetOf([records], { table: 'files' }) });
  t.deepEqual(
    rows.map(({ file, size, records: count, elapsed_ms }) => [file, size, count, elapsed_ms]),
    [
      ['a', 10n, 4n, 1.5],
      ['b', 10n, 3n, 1.5],
    ],
  );
});

test('a cycle is an issue between its neighbours; options are checked at the call', async (t) => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const rows = await rowsOf(await parquetOf([[field(1, 1), field(2, cycle as never), field(3, 3)]]));
  t.deepEqual(
    rows.map((row) => row[3]),
    ['field', 'issue', 'field'],
  );
  t.throws(() => toParquet('x', { rowGroupRows: 0 }), { code: 'ERR_OPTION', message: /rowGroupRows/ });
  t.throws(() => toParquet('x', { rowGroupBytes: 1.5 }), { code: 'ERR_OPTION', message: /rowGroupBytes/ });
  t.throws(() => toParquet(5 as never), { code: 'ERR_OPTION' });
});

test('a path is atomic; an abort leaves the old file', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'out.parquet');
  writeFileSync(path, 'old');
  const broken = (function* () {
    yield [field(0, 1)];
    t.is(readFileSync(path, 'utf8'), 'old');
    throw new Error('the source broke');
  })();
  await t.throwsAsync(feed(toParquet(path, { rowGroupRows: 1 }), broken), { message: 'the source broke' });
  t.is(readFileSync(path, 'utf8'), 'old');
  await feed(toParquet(path), [[field(0, 1)], [field(1, 2)]]);
  const bytes = readFileSync(path);
  t.is((await rowsOf(new Uint8Array(bytes).buffer)).length, 2);
  t.deepEqual(readdirSync(folder), ['out.parquet']);
});

test('DuckDB reads the same values', async (t) => {
  const duckdb = optionalDuckDb();
  if (duckdb === undefined) return t.pass('@duckdb/node-api is not installed: not read by DuckDB');
  const path = join(tempFolder(t), 'out.parquet');
  const records = fileRecords('a\r\n"b".nc', HOSTILE_VALUES);
  await feed(toParquet(path, { rowGroupRows: 7 }), [records]);
  const connection = await (await duckdb.DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${path}')`);
  t.deepEqual(
    reader.getRows().map((row) => recordOf(row.map(small))),
    records,
  );
});

interface DuckDb {
  DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{ runAndReadAll(sql: string): Promise<{ getRows(): Cell[][] }> }>;
    }>;
  };
}

function optionalDuckDb(): DuckDb | undefined {
  try {
    return createRequire(import.meta.url)('@duckdb/node-api') as DuckDb;
  } catch {
    return undefined;
  }
}

test('what is held does not grow with the number of records', async (t) => {
  const sink = new URL('../../src/sinks/to-parquet.js', import.meta.url).href;
  const { stdout, aboveBareBytes } = await peakRssOf(`
    const { toParquet } = await import('${sink}');
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--expose-gc');
    const collect = (await import('node:vm')).runInNewContext('gc');
    const sink = toParquet('/dev/null', { rowGroupRows: 2000 });
    await sink.start({ signal: new AbortController().signal });
    const held = [];
    for (let i = 0; i < 120_000; i += 1000) {
      await sink.write(Array.from({ length: 1000 }, (_, j) => ({
        file: 'f' + (i >> 14), format: 'dicom', seq: i + j, kind: 'field', path: '0008' + (i + j), key: '00080018',
        name: 'SOPInstanceUID', dtype: 'UI', value: '1.2.840.113619.2.55.3.' + (i + j), offset: i, length: 64 })));
      if ((i + 1000) % 60_000 !== 0) continue;
      for (let n = 0; n < 3; n++) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 20)); // dropped ArrayBuffers are swept in the background
      }
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      held.push(heapUsed + arrayBuffers);
    }
    await sink.close();
    console.log(JSON.stringify(held));`);
  const [half, all] = JSON.parse(stdout) as [number, number];
  t.log(`${(aboveBareBytes / MiB).toFixed(0)} MiB over bare Node at the peak; ${all - half} bytes more held`);
  // The places of the columns of 30 more groups; 60,000 rows would be 10 MiB.
  t.true(all - half <= 2 * MiB, `${all - half} bytes more`);
});

/** What becomes of a run in a process where these packages are not installed. */
async function runWithout(packages: readonly string[], path: string): Promise<string> {
  const sink = new URL('../../src/sinks/to-parquet.js', import.meta.url).href;
  const hooks = `export async function resolve(specifier, context, next) {
    if (${JSON.stringify(packages)}.includes(specifier)) throw Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(specifier, context); }`;
  const { stdout } = await peakRssOf(`
    const { register } = await import('node:module');
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));
    const { toParquet } = await import('${sink}');
    const sink = toParquet(${JSON.stringify(path)});
    try {
      await sink.start({ signal: new AbortController().signal });
      await sink.write([{ file: 'a', format: 'fits', seq: 0, kind: 'issue', code: 'X', severity: 'info', message: '' }]);
      await sink.close();
    } catch (error) {
      await sink.abort(error);
      console.log(error.code, error.message);
    }`);
  return stdout;
}

test('without hyparquet-writer DuckDB does it; without both, the run fails at its start and says what to install', async (t) => {
  const path = join(tempFolder(t), 'out.parquet');
  const message =
    'Cannot find the optional package hyparquet-writer: install it with "npm install hyparquet-writer@^0.17.0"';
  t.is(await runWithout(['hyparquet-writer', '@duckdb/node-api'], path), `ERR_MISSING_PEER ${message}\n`);
  t.deepEqual(readdirSync(join(path, '..')), []);
  t.is(await runWithout(['hyparquet-writer'], path), '');
  const bytes = readFileSync(path);
  t.is((await rowsOf(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer)).length, 1);
});

test('any records come back equal, written by DuckDB, and nothing is left beside the file', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, "it's.parquet");
  const check = async (records: readonly ExtractionRecord[]) => {
    await feed(toParquet(path, { engine: 'duckdb' }), [records.slice(0, 3), records.slice(3)]);
    const bytes = readFileSync(path);
    const rows = await rowsOf(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
    t.deepEqual(rows.map(recordOf), records as ExtractionRecord[]);
    t.deepEqual(readdirSync(folder), ["it's.parquet"]);
  };
  await check(fileRecords('a\r\n"b".nc', HOSTILE_VALUES));
  await t.notThrowsAsync(
    fc.assert(fc.asyncProperty(fc.array(anyRecord, { maxLength: 40 }), check), { numRuns: runs(100) }),
  );
  t.throws(() => toParquet(path, { engine: 'other' as never }), { code: 'ERR_OPTION', message: /engine/ });
  t.throws(() => toParquet(new PassThrough(), { engine: 'duckdb' }), { code: 'ERR_OPTION' });
});

test('an abort of DuckDB leaves the old file and nothing beside it', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'out.parquet');
  writeFileSync(path, 'old');
  const broken = (function* () {
    yield fileRecords('a', [1]);
    throw new Error('the source broke');
  })();
  await t.throwsAsync(feed(toParquet(path, { engine: 'duckdb' }), broken), { message: 'the source broke' });
  t.is(readFileSync(path, 'utf8'), 'old');
  t.deepEqual(readdirSync(folder), ['out.parquet']);
});
