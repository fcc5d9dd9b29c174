import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { drain } from '../../src/flow/drain.ts';
import { fromPull } from '../../src/flow/from-pull.ts';
import type { ExtractionRecord, FieldRecord } from '../../src/records.ts';
import { RECORD_COLUMNS } from '../../src/sinks/rows/flat.ts';
import type { Cell } from '../../src/sinks/rows/row.ts';
import { toPostgres } from '../../src/sinks/to-postgres.ts';
import { makeFiles, run } from '../cli/run.ts';
import { postgresDatabase, query, stopPostgres } from '../support/postgres.ts';
import { tempFolder } from '../support/temp.ts';
import { feed } from './feed.ts';
import { fileRecords, HOSTILE_VALUES, recordOf } from './records.ts';

test.after.always(stopPostgres);

test('options are checked at the call', (t) => {
  t.throws(() => toPostgres(''), { code: 'ERR_OPTION' });
  t.throws(() => toPostgres('postgres://localhost/x', { heldBytes: 0 }), { code: 'ERR_OPTION', message: /heldBytes/ });
});

/** The driver has 64-bit integers as text. */
async function recordsIn(url: string, where = 'true'): Promise<ExtractionRecord[]> {
  const rows = await query<Record<string, Cell>>(url, `SELECT * FROM records WHERE ${where} ORDER BY seq`);
  return rows.map((row) =>
    recordOf(RECORD_COLUMNS.map(({ name, type }) => (type === 'int' ? int(row[name]!) : row[name]!))),
  );
}

const int = (cell: Cell): Cell => {
  if (cell === null) return null;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : BigInt(cell);
};

test('hostile values come back equal', async (t) => {
  const url = await postgresDatabase(t);
  if (url === undefined) return;
  const hostile = fileRecords('a\r\n"b"\\; DROP TABLE records; --', HOSTILE_VALUES);
  await feed(toPostgres(url, { heldBytes: 1 }), [hostile]);
  t.deepEqual(await recordsIn(url), hostile);
  const again = fileRecords('b', ['x']);
  await feed(toPostgres(url), [again, hostile]);
  t.deepEqual(await recordsIn(url, "file <> 'b'"), hostile);
  t.deepEqual(await recordsIn(url, "file = 'b'"), again);
});

test('text with NUL is in the column json; a record with one in a name is an issue in its place', async (t) => {
  const url = await postgresDatabase(t);
  if (url === undefined) return;
  const records = fileRecords('a', ['nul \0 inside', 1]);
  const named = { ...(records[3] as FieldRecord), name: 'na\0me' };
  await feed(toPostgres(url), [[...records.slice(0, 3), named, ...records.slice(4)]]);
  const rows = await query(url, 'SELECT text, json FROM records WHERE seq = 2');
  t.deepEqual(rows, [{ text: null, json: '"nul \\u0000 inside"' }]);
  const [issue, ...rest] = (await recordsIn(url)).filter(({ kind }) => kind === 'issue');
  t.deepEqual(rest, []);
  t.like(issue, { file: 'a', seq: 3, path: named.path, code: 'ERR_SINK', severity: 'error' } as object);
  t.is((await recordsIn(url)).length, records.length);
});

test('a file that comes again is replaced; with resume only if it has changed', async (t) => {
  const url = await postgresDatabase(t);
  if (url === undefined) return;
  const [first, second] = [fileRecords('a', [1, 2]), fileRecords('a', [3])];
  const changed = second.map((record) => (record.kind === 'file' ? { ...record, size: 11 } : record));
  await feed(toPostgres(url), [[...first, ...fileRecords('b', [1])]]);
  await feed(toPostgres(url, { resume: true }), [second]);
  t.deepEqual(await recordsIn(url, "file = 'a'"), first);
  await feed(toPostgres(url, { resume: true }), [changed]);
  t.deepEqual(await recordsIn(url, "file = 'a'"), changed);
  // The same twice in one run: the one that ends last stays.
  await feed(toPostgres(url), [first, second]);
  t.deepEqual(await recordsIn(url, "file = 'a'"), second);
  await feed(toPostgres(url, { commitMs: 0 }), [first, second]);
  t.deepEqual(await recordsIn(url, "file = 'a'"), second);
  const files = await query(url, 'SELECT file, records::int FROM files ORDER BY file');
  t.deepEqual(files, [
    { file: 'a', records: 4 },
    { file: 'b', records: 4 },
  ]);
});

test('a file that comes again in a run that began with nothing is replaced too', async (t) => {
  const url = await postgresDatabase(t);
  if (url === undefined) return;
  const [first, second] = [fileRecords('a', [1, 2]), fileRecords('a', [3])];
  await feed(toPostgres(url, { commitMs: 0 }), [first, second]);
  t.deepEqual(await recordsIn(url), second);
});

test('an abort leaves nothing but what is committed, and a view for each format has its fields', async (t) => {
  const url = await postgresDatabase(t);
  if (url === undefined) return;
  const broken = (function* () {
    yield fileRecords('a', ['x'.repeat(100_000)]).slice(0, 4);
    throw new Error('the source broke');
  })();
  await t.throwsAsync(feed(toPostgres(url, { heldBytes: 1 }), broken), { message: 'the source broke' });
  t.deepEqual(await recordsIn(url), []);
  const title = { path: '/@title', key: 'title', name: 'title', value: 'A title' };
  const records = fileRecords('a', ['x']).map((record) => (record.kind === 'field' ? { ...record, ...title } : record));
  await feed(toPostgres(url), [records]);
  const view = await query(url, 'SELECT file, status, title, history FROM netcdf');
  t.deepEqual(view, [{ file: 'a', status: 'ok', title: 'A title', history: null }]);
  t.deepEqual(await query(url, 'SELECT * FROM dicom'), []);
});

test('no server and a connection that is cut are an ERR_SINK without the password', async (t) => {
  const nobody = 'postgres://me:secret@127.0.0.1:1/none';
  const error = await t.throwsAsync(feed(toPostgres(nobody), []), {
    code: 'ERR_SINK',
    message: /Cannot open PostgreSQL/,
  });
  t.false(error.message.includes('secret'));
  const url = await postgresDatabase(t);
  if (url === undefined) return;
  const cut = (async function* () {
    yield* fileRecords('a', [1]);
    const sql =
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()';
    await query(url, sql);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      yield* fileRecords('b', [1]);
    }
  })();
  await t.throwsAsync(
    drain(
      fromPull(() => cut),
      toPostgres(url),
    ),
    { code: 'ERR_SINK', message: /PostgreSQL at/ },
  );
});

test('the command loads a database, run by run', async (t) => {
  const url = await postgresDatabase(t);
  if (url === undefined) return;
  const folder = tempFolder(t);
  makeFiles(folder, ['in/a', 'in/b']);
  const args = ['extract', 'in', '--to', url, '--resume'];
  t.is((await run(args, { cwd: folder })).code, 0);
  writeFileSync(join(folder, 'in/a'), 'changed');
  t.is((await run(args, { cwd: folder })).stderr, 'tidegate: 1 were there already\n');
  const rows = await query(url, 'SELECT file, size::int, status FROM files ORDER BY file');
  t.deepEqual(rows, [
    { file: 'in/a', size: 7, status: 'ok' },
    { file: 'in/b', size: 15, status: 'ok' },
  ]);
  const counts = await query(url, 'SELECT file, count(*)::int AS n, max(seq)::int AS high FROM records GROUP BY file');
  for (const { n, high } of counts) t.is(n, high + 1);
});
