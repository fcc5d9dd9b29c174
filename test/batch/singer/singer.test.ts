import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Bookmarks } from '../../../src/batch/singer/bookmarks.ts';
import { fileUnit } from '../../../src/sinks/units/file-unit.ts';
import { makeFiles, run, start } from '../../cli/run.ts';
import { dicomFile, element } from '../../formats/dicom/dicom-writer.ts';
import { makeSamples } from '../../support/samples.ts';
import { tempFolder } from '../../support/temp.ts';
import { checkCatalog, checkedMessages, type Message } from './validator.ts';

/** The output of the tap, checked, and what its parts are. */
async function tap(folder: string, options: Record<string, unknown> = {}, args: readonly string[] = []) {
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ files: 'in', ...options }));
  const { code, stdout, stderr } = await run(['--protocol', 'singer', '--config', 'config.json', ...args], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  const messages = checkedMessages(stdout);
  const rows = (stream: string) => messages.filter((each) => each.type === 'RECORD' && each.stream === stream);
  return { messages, records: rows('records'), files: rows('files'), state: lastState(messages) };
}

function lastState(messages: readonly Message[]): unknown {
  return messages.findLast(({ type }) => type === 'STATE')?.value;
}

function keepState(folder: string, state: unknown): readonly string[] {
  writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
  return ['--state', 'state.json'];
}

function someFiles(t: ExecutionContext, count: number): string {
  const folder = tempFolder(t);
  makeFiles(
    folder,
    Array.from({ length: count }, (_, i) => `in/f${i}`),
  );
  return folder;
}

test('discovery prints a catalog of two streams, which selects all', async (t) => {
  const { code, stdout, stderr } = await run(['--protocol', 'singer', '--discover']);
  t.deepEqual([code, stderr], [0, '']);
  const { streams } = checkCatalog(stdout);
  t.deepEqual(
    streams.map(({ tap_stream_id, key_properties }) => [tap_stream_id, key_properties]),
    [
      ['records', ['file', 'seq']],
      ['files', ['file']],
    ],
  );
  const folder = someFiles(t, 3);
  writeFileSync(join(folder, 'catalog.json'), stdout);
  const { records, files } = await tap(folder, {}, ['--catalog', 'catalog.json']);
  t.deepEqual([records.length, files.length], [9, 3]);
});

test('files of all formats give messages by the specification, each row by the schema of its stream', async (t) => {
  const samples = await makeSamples();
  t.teardown(() => rmSync(samples, { recursive: true, force: true }));
  const int64 = Buffer.alloc(8);
  int64.writeBigInt64LE(-(2n ** 63n));
  writeFileSync(
    join(samples, 'big.dcm'),
    dicomFile([element(0x00091010, 'SV', int64), element(0x00091011, 'LO', Buffer.from('a\\b '))]),
  );
  const { messages, files, records } = await tap(samples, { files: [samples, 'missing'] });
  t.deepEqual(
    messages.slice(0, 2).map(({ type, stream }) => `${type} ${stream}`),
    ['SCHEMA records', 'SCHEMA files'],
  );
  t.is(messages.at(-1)!.type, 'STATE');
  t.true(new Set(files.map(({ record }) => record.format)).size >= 5);
  t.like(files.find(({ record }) => record.file === 'missing')!.record, {
    status: 'failed',
    error_code: 'ERR_INPUT_OPEN',
  });
  t.is(records.filter(({ record }) => record.int === -(2 ** 63)).length, 1);
  const keys = new Set(records.map(({ record }) => `${record.file} ${record.seq}`));
  t.is(keys.size, records.length);
});

test('a state holds only files whose rows are all out before it', async (t) => {
  const folder = someFiles(t, 3000);
  const { messages } = await tap(folder, { concurrency: 8 });
  const units = await Promise.all(
    Array.from({ length: 3000 }, (_, i) => fileUnit(join('in', `f${i}`), join(folder, 'in', `f${i}`))),
  );
  const rowsOut = new Map<unknown, number>();
  let states = 0;
  for (const message of messages) {
    if (message.type === 'RECORD') rowsOut.set(message.record.file, (rowsOut.get(message.record.file) ?? 0) + 1);
    if (message.type !== 'STATE') continue;
    const known = new Bookmarks({}, message.value);
    const inState = units.filter((unit) => known.has(unit));
    for (const { file } of inState) t.is(rowsOut.get(file), 4);
    states++;
    if (message === messages.at(-1)) t.is(inState.length, 3000);
  }
  t.true(states >= 2, `${states} states`);
});

test('a run with a state extracts what is new, changed or was moved, and what failed before', async (t) => {
  const folder = someFiles(t, 10);
  const first = await tap(folder, { files: ['in', 'missing'] });
  t.is(first.files.length, 11);
  const kept = await tap(folder, { files: ['in', 'missing'] }, keepState(folder, first.state));
  t.deepEqual(
    kept.files.map(({ record }) => record.file),
    ['missing'],
  );
  t.deepEqual(kept.state, first.state);
  makeFiles(folder, ['in/new']);
  appendFileSync(join(folder, 'in/f3'), 'more');
  renameSync(join(folder, 'in/f4'), join(folder, 'in/g4'));
  const second = await tap(folder, {}, keepState(folder, first.state));
  t.deepEqual(second.files.map(({ record }) => record.file).sort(), ['in/f3', 'in/g4', 'in/new']);
  const size = (state: unknown) =>
    Buffer.from((state as never as { bookmarks: { files: { digests: string } } }).bookmarks.files.digests, 'base64')
      .length;
  t.deepEqual([size(first.state), size(second.state)], [80, 88]);
  const other = await tap(folder, { format: 'binary' }, keepState(folder, second.state));
  t.is(other.files.length, 11);
});

test('a catalog chooses streams and columns; keys always come', async (t) => {
  const folder = someFiles(t, 2);
  const { streams } = checkCatalog((await run(['--protocol', 'singer', '--discover'])).stdout);
  const select = (breadcrumb: string[], selected: boolean) => ({ breadcrumb, metadata: { selected } });
  const records = {
    ...streams[0]!,
    metadata: [select([], true), select(['properties', 'comment'], false), select(['properties', 'seq'], false)],
  };
  const files = { ...streams[1]!, metadata: [select([], false)] };
  writeFileSync(join(folder, 'catalog.json'), JSON.stringify({ streams: [records, files] }));
  const chosen = await tap(folder, {}, ['--catalog', 'catalog.json']);
  t.deepEqual([chosen.records.length, chosen.files.length], [6, 0]);
  t.false('comment' in chosen.records[0]!.record);
  t.true('seq' in chosen.records[0]!.record);
});

test('a tap that was killed goes on behind its last state: nothing is lost', async (t) => {
  const folder = someFiles(t, 6000);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ files: 'in' }));
  const child = start(['--protocol', 'singer', '--config', 'config.json'], { cwd: folder });
  t.teardown(() => void child.kill('SIGKILL'));
  let output = '';
  for await (const piece of child.stdout) {
    output += piece;
    if (output.includes('{"type":"STATE"')) child.kill('SIGKILL');
  }
  const before = checkedMessages(output);
  const state = lastState(before);
  t.truthy(state);
  const after = await tap(folder, {}, keepState(folder, state));
  t.true(after.files.length < 6000, `${after.files.length} again`);
  const rows = [...before, ...after.messages].filter(({ type, stream }) => type === 'RECORD' && stream === 'records');
  t.is(new Set(rows.map(({ record }) => `${record.file} ${record.seq}`)).size, 18_000);
});

test('wrong uses are exit 2', async (t) => {
  const folder = someFiles(t, 1);
  writeFileSync(join(folder, 'bad.json'), '{"files":7}');
  writeFileSync(join(folder, 'list.json'), '[]');
  const wrong = [
    ['--protocol', 'airbyte', 'in'],
    ['--protocol', 'singer'],
    ['--protocol', 'singer', '--config', 'bad.json'],
    ['--protocol', 'singer', '--config', 'list.json'],
    ['--protocol', 'singer', '--config', 'none.json'],
    ['--protocol', 'singer', 'extract', 'in', '--catalog', 'list.json'],
    ['--protocol', 'singer', 'extract', 'in', '--to', 'x'],
    ['--protocol', 'singer', 'cdl', 'in'],
    ['extract', 'in', '--state', 'list.json'],
  ];
  for (const args of wrong) t.is((await run(args, { cwd: folder })).code, 2, args.join(' '));
});
