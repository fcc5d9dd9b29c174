import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { ExtractionRecord } from '../../src/records.ts';
import { RECORD_COLUMNS } from '../../src/sinks/rows/flat.ts';
import type { Cell } from '../../src/sinks/rows/row.ts';
import { toSqlite } from '../../src/sinks/to-sqlite.ts';
import { runs } from '../support/runs.ts';
import { NO_SQLITE, readSqlite, type SqliteEngine, sqliteEngine } from '../support/sqlite.ts';
import { tempFolder } from '../support/temp.ts';
import { feed } from './feed.ts';
import { anyRecord, field, fileRecords, HOSTILE_VALUES, recordOf } from './records.ts';

/** A test that needs a SQLite; says so where there is none. */
function sqliteTest(title: string, body: (t: ExecutionContext, engine: SqliteEngine) => Promise<void>): void {
  test(title, async (t) => {
    if (sqliteEngine !== undefined) return await body(t, sqliteEngine);
    t.log(`not tested: ${NO_SQLITE}`);
    t.pass();
  });
}

function select(path: string, sql: string): Record<string, Cell>[] {
  const rows = readSqlite<Record<string, Cell>>(path, sql);
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, small(cell)])));
}

function small(cell: Cell): Cell {
  return typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
}

function recordsIn(path: string, where = 'true'): ExtractionRecord[] {
  const rows = select(path, `SELECT * FROM records WHERE ${where} ORDER BY rowid`);
  return rows.map((row) => recordOf(RECORD_COLUMNS.map(({ name }) => row[name]!)));
}

test('without an engine, the run fails at its start and says what to install', async (t) => {
  if (sqliteEngine !== undefined) return t.pass('an engine is here: nothing is missing');
  const path = join(tempFolder(t), 'out.sqlite');
  const message = 'Cannot write SQLite: use Node 22.13 or later, or "npm install better-sqlite3@^12.11.1"';
  await t.throwsAsync(feed(toSqlite(path), [[field(0, 1)]]), { code: 'ERR_MISSING_PEER', message });
  t.deepEqual(readdirSync(join(path, '..')), []);
});

test('options are checked at the call', (t) => {
  t.throws(() => toSqlite(''), { code: 'ERR_OPTION' });
  t.throws(() => toSqlite('x', { heldBytes: 0 }), { code: 'ERR_OPTION', message: /heldBytes/ });
});

sqliteTest('any records come back equal', async (t) => {
  const folder = tempFolder(t);
  const hostile = fileRecords('a\r\n"b"; DROP TABLE records; --', HOSTILE_VALUES);
  await feed(toSqlite(join(folder, 'hostile')), [hostile]);
  t.deepEqual(recordsIn(join(folder, 'hostile')), hostile);
  let count = 0;
  const property = fc.asyncProperty(fc.array(anyRecord, { maxLength: 30 }), async (records) => {
    const path = join(folder, `${count++}`);
    await feed(toSqlite(path), [records]);
    const sorted = (all: readonly ExtractionRecord[]) =>
      all.map((record) => JSON.stringify(record, Object.keys(record).sort())).sort();
    t.deepEqual(sorted(recordsIn(path)), sorted(records));
  });
  await t.notThrowsAsync(fc.assert(property, { numRuns: runs(200) }));
});

sqliteTest('files side by side, in batches of any cut and any bound of memory, are whole and in order', async (t) => {
  const folder = tempFolder(t);
  let count = 0;
  const cuts = fc.infiniteStream(fc.nat(9));
  const bound = fc.constantFrom(1, 2000, 1_000_000);
  const property = fc.asyncProperty(
    fc.array(fc.nat(20), { maxLength: 5 }),
    cuts,
    bound,
    async (sizes, picks, heldBytes) => {
      const files = sizes.map((size, i) => fileRecords(`f${i}`, Array(size).fill('v')));
      const lanes = files.map((file) => [...file]);
      const batches: ExtractionRecord[][] = [];
      while (lanes.some((lane) => lane.length > 0))
        batches.push(lanes.flatMap((lane) => lane.splice(0, picks.next().value)));
      const path = join(folder, `${count++}`);
      await feed(toSqlite(path, { heldBytes }), batches);
      for (const [i, file] of files.entries()) t.deepEqual(recordsIn(path, `file = 'f${i}'`), file);
      const ledger = select(path, 'SELECT file, size, status, records FROM files ORDER BY file');
      t.deepEqual(
        ledger,
        sizes.map((size, i) => ({ file: `f${i}`, size: 10, status: 'ok', records: size + 3 })),
      );
    },
  );
  await t.notThrowsAsync(fc.assert(property, { numRuns: runs(150) }));
});

sqliteTest('a file that comes again replaces itself, also side by side with itself', async (t) => {
  const path = join(tempFolder(t), 'out.sqlite');
  const [old, other] = [fileRecords('a', [1, 2, 3]), fileRecords('b', [1])];
  await feed(toSqlite(path), [[...old, ...other]]);
  const again = fileRecords('a', [7]);
  await feed(toSqlite(path), [again]);
  t.deepEqual(recordsIn(path, "file = 'a'"), again);
  t.deepEqual(recordsIn(path, "file = 'b'"), other);
  const twice = old.flatMap((record, i) => [[record], i === 0 ? [] : [old[i - 1]!]]);
  await feed(toSqlite(path, { heldBytes: 1 }), [...twice, [old.at(-1)!]]);
  t.deepEqual(recordsIn(path, "file = 'a'"), old);
  t.is(select(path, 'SELECT file FROM files').length, 2);
});

sqliteTest('records whose end never comes are written when the run ends well, without a row in files', async (t) => {
  const path = join(tempFolder(t), 'out.sqlite');
  const fields = [field(5, 'a', 'LO'), field(9, 'b', 'LO')];
  await feed(toSqlite(path, { heldBytes: 1 }), [[fields[0]!], [fields[1]!]]);
  t.deepEqual(recordsIn(path), fields);
  t.deepEqual(select(path, 'SELECT * FROM files'), []);
});

sqliteTest('an abort keeps the files that have ended, and nothing of the others', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'out.sqlite');
  const whole = fileRecords('a', [1]);
  const broken = (function* () {
    yield [...whole, ...fileRecords('b', [1]).slice(0, 3)];
    throw new Error('the source broke');
  })();
  await t.throwsAsync(feed(toSqlite(path, { heldBytes: 1 }), broken), { message: 'the source broke' });
  // First the folder: who only reads leaves files of its own.
  t.deepEqual(readdirSync(folder), ['out.sqlite']);
  t.deepEqual(recordsIn(path), whole);
});

sqliteTest('a file that is no database, and tables of another shape, are an ERR_SINK', async (t, Database) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'text'), 'no database at all, but long enough to be read as one '.repeat(40));
  await t.throwsAsync(feed(toSqlite(join(folder, 'text')), [[field(0, 1)]]), {
    code: 'ERR_SINK',
    message: /Cannot open/,
  });
  await t.throwsAsync(feed(toSqlite(join(folder, 'no/folder')), [[]]), { code: 'ERR_SINK', message: /Cannot open/ });
  const other = new Database(join(folder, 'other'));
  other.exec('CREATE TABLE records (a)');
  other.close();
  await t.throwsAsync(feed(toSqlite(join(folder, 'other')), [[field(0, 1)]]), { code: 'ERR_SINK', message: /records/ });
});

sqliteTest('SIGKILL at any moment leaves whole files only, each with its row in files', async (t) => {
  const folder = tempFolder(t);
  const sink = new URL('../../src/sinks/to-sqlite.js', import.meta.url).href;
  const driver = new URL('../../src/flow/unit-sink.js', import.meta.url).href;
  const records = new URL('./records.js', import.meta.url).href;
  const script = `
    const { toSqlite } = await import('${sink}');
    const { fileRecords } = await import('${records}');
    const { UnitSink } = await import('${driver}');
    const sink = new UnitSink(toSqlite(process.argv[1], { heldBytes: 5000 }));
    await sink.start({ signal: new AbortController().signal });
    process.stdout.write('started');
    for (let i = 0; ; i += 4) {
      const lanes = [0, 1, 2, 3].map((lane) => fileRecords('f' + (i + lane), Array(40).fill('v' + i)));
      while (lanes.some((lane) => lane.length > 0)) await sink.write(lanes.flatMap((lane) => lane.splice(0, 7)));
    }`;
  let files = 0;
  for (let run = 0; run < runs(50); run++) {
    const path = join(folder, `${run}.sqlite`);
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, path]);
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    setTimeout(() => child.kill('SIGKILL'), 10 + Math.random() * 200);
    await closed;
    const whole = select(
      path,
      'SELECT file, count(*) AS n, min(seq) AS low, max(seq) AS high FROM records GROUP BY file ORDER BY file',
    );
    files += whole.length;
    for (const { n, low, high } of whole) t.deepEqual([n, low, high], [43, 0, 42]);
    const ledger = select(path, 'SELECT file, records AS n FROM files ORDER BY file');
    t.deepEqual(ledger, whole.map(({ file, n }) => ({ file, n })) as typeof ledger);
  }
  t.log(`${files} files`);
  t.true(files > 0);
});
