import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { parquetReadObjects } from 'hyparquet';
import { parseCommand } from '../../src/cli/arguments.ts';
import { extractSettings } from '../../src/cli/extract-settings.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, framedFiles, makeFiles, records, run } from './run.ts';

for (const jobs of ['0', '2']) {
  const j = ['--jobs', jobs];

  test(`--jobs ${jobs}: what is missing among good files has its records and a message, exit 3`, async (t) => {
    const folder = tempFolder(t);
    makeFiles(folder, ['a', 'b']);
    symlinkSync('nowhere', join(folder, 'dangling'));
    const { code, stdout, stderr } = await run(['extract', ...j, 'a', 'missing', 'dangling', 'b', '*.nc'], {
      cwd: folder,
    });
    const files = framedFiles(records(stdout));
    t.deepEqual([...files.keys()].sort(), ['*.nc', 'a', 'b', 'dangling', 'missing']);
    for (const file of ['*.nc', 'dangling', 'missing']) {
      t.like(files.get(file)![1], { kind: 'issue', severity: 'error', code: 'ERR_INPUT_OPEN' });
      t.like(files.get(file)![2], { kind: 'end', status: 'failed', records: 3 });
      t.true(stderr.includes(`tidegate: ${file}: ERR_INPUT_OPEN: `), stderr);
    }
    t.is(files.get('b')!.at(-1)!.status, 'ok');
    t.is(stderr.trimEnd().split('\n').length, 3);
    t.is(code, 3);
  });

  test(`--jobs ${jobs}: odd file names are names, in records and messages`, async (t) => {
    const folder = tempFolder(t);
    const names = [
      'new\nline',
      'esc\u001b]0;owned\u0007',
      '-dash',
      ' space ',
      'c1\u009b31m',
      'rlo\u202e',
      '[x]',
      '--help',
      '-',
    ];
    makeFiles(folder, names);
    symlinkSync('nowhere', join(folder, 'bad\u001b[2J\u009b'));
    const expected = [...names.map((name) => (name === '-' ? './-' : name)), 'bad\u001b[2J\u009b'];
    const { code, stdout, stderr } = await run(['extract', ...j, '.'], { cwd: folder });
    t.deepEqual([...framedFiles(records(stdout)).keys()].sort(), [...expected].sort());
    t.notRegex(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    t.is(stderr.split('\n').length, 2);
    t.is(code, 3);
    const named = await run(['extract', ...j, '--', '-dash', '--help', './-', 'new\nline'], { cwd: folder });
    t.is(framedFiles(records(named.stdout)).size, 4);
    t.is(named.code, 0);
  });

  test(`--jobs ${jobs}: names that are not UTF-8 are read`, async (t) => {
    const folder = tempFolder(t);
    try {
      for (const byte of [0xff, 0xfe]) {
        writeFileSync(Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([byte])]), `content ${byte}`);
      }
    } catch {
      return t.pass('this file system has only names in UTF-8');
    }
    const { code, stdout } = await run(['extract', ...j, '.'], { cwd: folder });
    t.deepEqual([...framedFiles(records(stdout)).keys()].sort(), ['a%FE', 'a%FF']);
    t.is(code, 0);
  });

  test(`--jobs ${jobs}: --to writes the same records as standard output, .gz compresses them`, async (t) => {
    const folder = tempFolder(t);
    makeFiles(
      folder,
      Array.from({ length: 50 }, (_, i) => `in/f${i}`),
    );
    const plain = await run(['extract', ...j, 'in'], { cwd: folder });
    const to = await run(['extract', ...j, 'in', '--to', 'out.ndjson'], { cwd: folder });
    const gzip = await run(['extract', ...j, 'in', '-o', 'out.ndjson.gz'], { cwd: folder });
    t.deepEqual([plain.code, to.code, gzip.code, to.stdout, gzip.stdout], [0, 0, 0, '', '']);
    const stable = (output: string) =>
      records(output)
        .map((record) => JSON.stringify({ ...record, elapsedMs: 0 }))
        .sort();
    t.deepEqual(stable(readFileSync(join(folder, 'out.ndjson'), 'utf8')), stable(plain.stdout));
    t.deepEqual(stable(gunzipSync(readFileSync(join(folder, 'out.ndjson.gz'))).toString()), stable(plain.stdout));
    t.deepEqual(readdirSync(folder).sort(), ['in', 'out.ndjson', 'out.ndjson.gz']);
  });

  test(`--jobs ${jobs}: an output that cannot be written is fatal: exit 1, a message, nothing left`, async (t) => {
    const folder = tempFolder(t);
    makeFiles(folder, ['in/a']);
    mkdirSync(join(folder, 'taken'));
    for (const to of ['no/such/folder.ndjson', 'taken', '/dev/full']) {
      const { code, stderr, stdout } = await run(['extract', ...j, 'in', '--to', to], { cwd: folder });
      t.is(code, 1, `${to}: ${stderr}`);
      t.regex(stderr, /^tidegate: Cannot (open|write|finish) /);
      t.is(stdout, '');
    }
    t.deepEqual(readdirSync(folder).sort(), ['in', 'taken']);
  });
}

test('a folder of 5,000 files comes out whole, records only, exit 0', async (t) => {
  const folder = tempFolder(t);
  makeFiles(
    folder,
    Array.from({ length: 5000 }, (_, i) => `f${i}`),
  );
  const { code, stdout, stderr } = await run(['extract', folder]);
  t.is(framedFiles(records(stdout)).size, 5000);
  t.is(stderr, '');
  t.is(code, 0);
});

test('| head -1 ends quietly with exit 0', (t) => {
  const folder = tempFolder(t);
  makeFiles(
    folder,
    Array.from({ length: 2000 }, (_, i) => `f${i}`),
  );
  const command = `"${process.execPath}" "${BIN}" extract "${folder}" | head -1; echo "\${PIPESTATUS[0]}"`;
  for (let i = 0; i < 2; i++) {
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    const [line, code] = stdout.split('\n');
    t.is(JSON.parse(line!).kind, 'file');
    t.is(code, '0');
    t.is(stderr, '');
  }
});

test('wrong usage is exit 2 with a message and a hint, and nothing on standard output', async (t) => {
  for (const args of [[], ['extract', 'x', '--to', 'out.xlsx']]) {
    const { code, stdout, stderr } = await run(args);
    t.is(code, 2, args.join(' '));
    t.is(stdout, '');
    t.regex(stderr, /^tidegate: .+\nSee tidegate --help\n$/s);
  }
});

test('what cannot be used on the command line is a usage error that names it', async (t) => {
  const wrong = [
    ['extract'],
    ['frobnicate', 'x'],
    ['extract', 'x', '--frob'],
    ['extract', 'x', '--memory', 'much'],
    ['extract', 'x', '--memory', '1MiB'],
    ['extract', 'x', '--jobs', '-1'],
    ['extract', 'x', '--concurrency', '0'],
    ['extract', 'x', '--concurrency', '1.5'],
    ['extract', 'x', '--format', 'word'],
    ['extract', 'x', '--tags', 'a,,b'],
    ['formats', 'x'],
    ['extract', '--to'],
    ['extract', 'x', '--to', 'out.xlsx'],
    ['extract', 'x', '--to', 'out.ndjson.zip'],
    ['extract', 'x', '--to', 'out.xlsx.gz'],
    ['extract', 'x', '--to', 'out.__proto__'],
  ];
  for (const args of wrong) {
    const settings = async () => {
      const command = parseCommand(args);
      if (command.name === 'extract') await extractSettings(command.arguments);
    };
    const { message } = await t.throwsAsync(settings, { instanceOf: UsageError }, args.join(' '));
    const named = args.slice(-2).filter((argument) => argument !== 'x');
    t.true(
      named.some((argument) => message.includes(argument.replace('--', ''))),
      message,
    );
  }
});

for (const jobs of ['0', '1']) {
  test(`--jobs ${jobs}: --to out.csv writes the flat projection of all records`, async (t) => {
    const folder = tempFolder(t);
    makeFiles(folder, ['in/a', 'in/=b', 'in/c "d", e']);
    const { code, stdout, stderr } = await run(['extract', '--jobs', jobs, '.', '--to', '../out.csv'], {
      cwd: join(folder, 'in'),
    });
    t.deepEqual([code, stdout, stderr], [0, '', '']);
    const [head, ...lines] = readFileSync(join(folder, 'out.csv'), 'utf8').trimEnd().split('\r\n');
    t.regex(head!, /^file,format,seq,kind,path,/);
    t.is(lines.length, 9);
    for (const file of ['a', "'=b", '"c ""d"", e"']) {
      const kinds = lines
        .filter((line) => line.startsWith(`${file},`))
        .map((line) => /\d,(file|field|end),/.exec(line)![1]);
      t.deepEqual(kinds, ['file', 'field', 'end']);
    }
  });
}

test('--to out.parquet writes the flat projection of all records', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, ['in/a', 'in/=b']);
  const { code, stdout, stderr } = await run(['extract', 'in', '--to', 'out.parquet'], { cwd: folder });
  t.deepEqual([code, stdout, stderr], [0, '', '']);
  const file = new Uint8Array(readFileSync(join(folder, 'out.parquet'))).buffer;
  const rows = await parquetReadObjects({ file });
  t.deepEqual(rows.map((row) => `${row.file} ${row.seq} ${row.kind}`).sort(), [
    'in/=b 0 file',
    'in/=b 1 field',
    'in/=b 2 end',
    'in/a 0 file',
    'in/a 1 field',
    'in/a 2 end',
  ]);
  t.deepEqual(readdirSync(folder).sort(), ['in', 'out.parquet']);
});

test('--to out.sqlite loads a database, or says what is missing', async (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, ['in/a', 'in/b']);
  const { code, stdout, stderr } = await run(['extract', 'in', '--to', 'out.sqlite'], { cwd: folder });
  t.is(stdout, '');
  if (process.getBuiltinModule('node:sqlite') === undefined) {
    t.is(code, 1);
    t.regex(stderr, /^tidegate: Cannot write SQLite: .*npm install better-sqlite3/);
    t.deepEqual(readdirSync(folder), ['in']);
    return;
  }
  t.is(code, 0);
  t.deepEqual(readdirSync(folder).sort(), ['in', 'out.sqlite']);
  t.is(readFileSync(join(folder, 'out.sqlite')).toString('latin1', 0, 15), 'SQLite format 3');
});

test('help, version and formats go to standard output', async (t) => {
  for (const args of [['--help'], ['help'], ['extract', '-h']]) {
    const { code, stdout } = await run(args);
    t.is(code, 0);
    t.regex(stdout, /^Usage: tidegate /);
    t.true(stdout.split('\n').every((line) => line.length <= 120));
  }
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  t.is((await run(['--version'])).stdout, `${version}\n`);
  const { code, stdout } = await run(['formats']);
  t.is(code, 0);
  t.regex(stdout, /^FORMAT +TITLE/);
  t.regex(stdout, /^binary +Any bytes/m);
});

test('what a folder may not show is an issue, and its neighbours are read', async (t) => {
  if (process.getuid?.() === 0) return t.pass('root may read everything');
  const folder = tempFolder(t);
  makeFiles(folder, ['a/1', 'locked/2']);
  chmodSync(join(folder, 'locked'), 0);
  const { code, stdout } = await run(['extract', '.'], { cwd: folder });
  chmodSync(join(folder, 'locked'), 0o700);
  t.deepEqual([...framedFiles(records(stdout)).keys()].sort(), ['a/1', 'locked']);
  t.is(code, 3);
});

test('on a terminal: progress on standard error, one line, harmless, gone at the end', (t) => {
  const folder = tempFolder(t);
  makeFiles(folder, [...Array.from({ length: 3000 }, (_, i) => `in/f${i}`), 'in/zz\u001b[31mred']);
  if (spawnSync('script', ['--version']).status !== 0)
    return t.pass('the command script is not installed: no terminal');
  const command = `stty cols 60; "${process.execPath}" "${BIN}" extract "${folder}/in" --to "${folder}/out"`;
  const typescript = execFileSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const lines = typescript.split('\r\u001b[K');
  t.true(lines.length > 1, 'no progress was drawn');
  for (const line of lines.slice(1, -1)) {
    t.true(line.length < 60, line);
    t.regex(line, /^\d+ files \| \d+ records \| /);
  }
  t.notRegex(typescript.replaceAll('\r\u001b[K', ''), /\u001b/);
  t.regex(lines.at(-1)!, /tidegate: 9003 records of 3001 files\r\n$/);
});
