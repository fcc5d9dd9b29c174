import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { UnitSink } from '../../src/flow/unit-sink.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { toCsv } from '../../src/sinks/to-csv.ts';
import { toJsonLines } from '../../src/sinks/to-json-lines.ts';
import { toParquet } from '../../src/sinks/to-parquet.ts';
import { runs } from '../support/runs.ts';
import { tempFolder } from '../support/temp.ts';
import { feed } from './feed.ts';
import { fileRecords, HOSTILE_VALUES } from './records.ts';

const resume = true;
const linesOf = (path: string): ExtractionRecord[] =>
  `${path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path, 'utf8')}`
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

test('files side by side, in batches of any cut and any bound of memory, land whole, one behind the other', async (t) => {
  const folder = tempFolder(t);
  let count = 0;
  const sizes = fc.array(fc.nat(20), { maxLength: 5 });
  const bound = fc.constantFrom(1, 2000, 1_000_000);
  const property = fc.asyncProperty(sizes, fc.infiniteStream(fc.nat(9)), bound, async (counts, picks, heldBytes) => {
    const files = counts.map((size, i) => fileRecords(`f${i}`, Array(size).fill('v\u00e9')));
    const lanes = files.map((file) => [...file]);
    const batches: ExtractionRecord[][] = [];
    while (lanes.some((lane) => lane.length > 0))
      batches.push(lanes.flatMap((lane) => lane.splice(0, picks.next().value)));
    const path = join(folder, `${count++}.ndjson${count % 2 ? '.gz' : ''}`);
    await feed(toJsonLines(path, { resume, heldBytes, commitMs: 0 }), batches);
    const byName = (a: ExtractionRecord, b: ExtractionRecord) => a.file.localeCompare(b.file);
    const lines = linesOf(path);
    t.deepEqual([...lines].sort(byName), files.flat());
    for (const file of files) {
      const first = lines.findIndex((line) => line.file === file[0]!.file);
      t.deepEqual(lines.slice(first, first + file.length), file);
    }
  });
  await t.notThrowsAsync(fc.assert(property, { numRuns: runs(100) }));
});

test('hostile values land equal, also those that waited on disk', async (t) => {
  const folder = tempFolder(t);
  const hostile = fileRecords('a\n\udcffb', HOSTILE_VALUES);
  const path = join(folder, 'out.ndjson');
  await feed(toJsonLines(path, { resume, heldBytes: 1 }), [hostile.slice(0, 9), hostile.slice(9)]);
  t.deepEqual(linesOf(path), hostile.map((record) => ({ ...record, file: 'a\n\ufffdb' })) as ExtractionRecord[]);
  t.deepEqual(readdirSync(folder).sort(), ['out.ndjson', 'out.ndjson.journal']);
});

test('what is behind the last whole line of the journal is cut off, whatever it is', async (t) => {
  const folder = tempFolder(t);
  const [a, b] = [fileRecords('a', [1]), fileRecords('b', [2])];
  for (const name of ['x.ndjson', 'x.ndjson.gz']) {
    const path = join(folder, name);
    await feed(toJsonLines(path, { resume }), [a]);
    appendFileSync(path, 'half a line');
    appendFileSync(`${path}.journal`, '{"reach":99999,"units":["');
    await feed(toJsonLines(path, { resume }), [a, b]);
    t.deepEqual(linesOf(path), [...a, ...b]);
    // A whole line that lacks only its end is torn too.
    const journal = readFileSync(`${path}.journal`);
    writeFileSync(`${path}.journal`, journal.subarray(0, -1));
    await feed(toJsonLines(path, { resume }), [a, b]);
    t.deepEqual(linesOf(path), [...a, ...b]);
  }
});

test('a folder of an engine that a kill has left among the parts is removed', async (t) => {
  const path = join(tempFolder(t), 'out.parquet');
  await feed(toParquet(path, { resume }), [fileRecords('a', [1])]);
  mkdirSync(join(path, '.tidegate-0123.tmp.duckdb.tmp'));
  writeFileSync(join(path, '.tidegate-0123.tmp.duckdb.tmp/spilled'), 'x');
  await feed(toParquet(path, { resume }), [fileRecords('b', [2])]);
  t.deepEqual(readdirSync(path).sort(), ['part-000001.parquet', 'part-000002.parquet']);
});

test('an abort and a run that ends leave no file that was not committed', async (t) => {
  const path = join(tempFolder(t), 'out.csv');
  const sink = new UnitSink(toCsv(path, { resume, commitMs: 60_000 }));
  await sink.start({ signal: new AbortController().signal });
  await sink.begin({ file: 'a', identity: '1' });
  await sink.write(fileRecords('a', [1]));
  await sink.abort(new Error('enough'));
  t.is(readFileSync(path, 'utf8'), '');
  const next = new UnitSink(toCsv(path, { resume }));
  await next.start({ signal: new AbortController().signal });
  t.is(await next.begin({ file: 'a', identity: '1' }), 'write');
  await next.write(fileRecords('a', [1]).slice(0, 2));
  await next.close();
  t.is(readFileSync(path, 'utf8').split('\r\n').length, 2);
});

test('an output that is not ours, is shorter than its journal, or of another kind is not gone on with', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'out.ndjson');
  await feed(toJsonLines(path, { resume }), [fileRecords('a', [1])]);
  await t.throwsAsync(feed(toCsv(path, { resume }), []), { code: 'ERR_SINK', message: /another output/ });
  truncateSync(path, 10);
  await t.throwsAsync(feed(toJsonLines(path, { resume }), []), { code: 'ERR_SINK', message: /it has 10 bytes/ });
  writeFileSync(join(folder, 'other'), 'x');
  await t.throwsAsync(feed(toJsonLines(join(folder, 'other'), { resume }), []), {
    code: 'ERR_SINK',
    message: /no journal/,
  });
  for (const options of [{ resume, open: () => new PassThrough() }, { resume }]) {
    const destination = options.open ? 'name' : new PassThrough();
    t.throws(() => toJsonLines(destination, options), { code: 'ERR_OPTION', message: /path of a file/ });
  }
});

test('the journal has no word of what it is a journal of', async (t) => {
  const path = join(tempFolder(t), 'out.ndjson');
  await feed(toJsonLines(path, { resume }), [fileRecords('Doe^Jane', ['secret'])]);
  const journal = readFileSync(`${path}.journal`, 'utf8');
  t.notRegex(journal, /Doe|secret|netcdf|2024/);
  t.regex(journal, /^{"tidegate":"journal".*}\n{"reach":\d+,"units":\["[\w-]{22}"\]}\n$/);
});

test('a part that was not committed is removed, and each commit makes one', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'out.parquet');
  await feed(toParquet(path, { resume, commitMs: 0, heldBytes: 1 }), [
    fileRecords('a', [-0]),
    fileRecords('b', ['9223372036854775807']),
  ]);
  writeFileSync(join(path, 'part-000003.parquet'), 'left by a kill');
  writeFileSync(join(path, '.tidegate-0.tmp'), 'left by a kill');
  await feed(toParquet(path, { resume }), [fileRecords('a', [-0])]);
  t.deepEqual(readdirSync(path).sort(), ['part-000001.parquet', 'part-000002.parquet']);
  await feed(toParquet(path, { resume }), [fileRecords('c', [1])]);
  t.deepEqual(readdirSync(path).sort(), ['part-000001.parquet', 'part-000002.parquet', 'part-000003.parquet']);
});

test('the order is: data, its fsync, the journal, its fsync', (t) => {
  const path = join(tempFolder(t), 'out.ndjson');
  const sink = new URL('../../src/sinks/to-json-lines.js', import.meta.url).href;
  const driver = new URL('../../src/flow/unit-sink.js', import.meta.url).href;
  const records = new URL('./records.js', import.meta.url).href;
  const script = `
    const { toJsonLines } = await import('${sink}');
    const { UnitSink } = await import('${driver}');
    const { fileRecords } = await import('${records}');
    const sink = new UnitSink(toJsonLines(${JSON.stringify(path)}, { resume: true, commitMs: 0 }));
    await sink.start({ signal: new AbortController().signal });
    await sink.write(fileRecords('a', ['marker']));
    await sink.close();`;
  const trace = ['-f', '-y', '-e', 'trace=fsync,write,pwrite64', '-s', '400'];
  const { stderr, error } = spawnSync('strace', [...trace, process.execPath, '--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (error) {
    t.log(`not tested: ${error.message}`);
    return t.pass();
  }
  const calls = [...stderr.matchAll(/(pwrite64|write|fsync)\(\d+<[^>]*out\.ndjson(\.journal)?>/g)];
  const order = calls.map(([, call, journal]) => `${call} ${journal ? 'journal' : 'data'}`).slice(-4);
  t.deepEqual(order, ['pwrite64 data', 'fsync data', 'pwrite64 journal', 'fsync journal']);
});

test('a hook opens the output by its name; what it cannot open is an ERR_SINK', async (t) => {
  const stream = new PassThrough();
  const names: string[] = [];
  const open = async (name: string) => {
    names.push(name);
    return stream;
  };
  const [got] = await Promise.all([text(stream), feed(toJsonLines('s3://bucket/out.ndjson', { open }), [[1], [2]])]);
  t.deepEqual([got, names], ['1\n2\n', ['s3://bucket/out.ndjson']]);
  const refuse = () => Promise.reject(new Error('403'));
  await t.throwsAsync(feed(toJsonLines('s3://bucket/x', { open: refuse }), [[1]]), {
    code: 'ERR_SINK',
    message: /403/,
  });
});
