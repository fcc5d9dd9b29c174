import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { toJsonLines } from '../../src/sinks/to-json-lines.ts';
import { tempFolder } from '../support/temp.ts';
import { feed } from './feed.ts';

const LINES = '{"a":1}\n{"b":"\u00e9"}\n[3]\n';
const BATCHES = [[{ a: 1 }, { b: '\u00e9' }], [], [[3]]];

test('a path gets the lines, and nothing else is left beside it', async (t) => {
  const folder = tempFolder(t);
  await feed(toJsonLines(join(folder, 'out.ndjson')), BATCHES);
  await feed(toJsonLines(pathToFileURL(join(folder, 'url.ndjson'))), BATCHES);
  t.is(readFileSync(join(folder, 'out.ndjson'), 'utf8'), LINES);
  t.is(readFileSync(join(folder, 'url.ndjson'), 'utf8'), LINES);
  t.deepEqual(readdirSync(folder).sort(), ['out.ndjson', 'url.ndjson']);
});

test('the file under the name is the old one until the new one is whole', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'out.ndjson');
  writeFileSync(path, 'old', { mode: 0o640 });
  const sink = toJsonLines(path);
  await sink.start!({ signal: new AbortController().signal });
  await sink.write([1]);
  t.is(readFileSync(path, 'utf8'), 'old');
  t.is(readdirSync(folder).length, 2);
  await sink.close!();
  t.is(readFileSync(path, 'utf8'), '1\n');
  t.is(statSync(path).mode & 0o777, 0o640);
  t.deepEqual(readdirSync(folder), ['out.ndjson']);
});

test('an abort removes the temporary file and leaves the old one', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'out.ndjson');
  writeFileSync(path, 'old');
  const batches = (function* () {
    yield [1];
    throw new Error('the source broke');
  })();
  await t.throwsAsync(feed(toJsonLines(path), batches), { message: 'the source broke' });
  t.is(readFileSync(path, 'utf8'), 'old');
  t.deepEqual(readdirSync(folder), ['out.ndjson']);
});

test('gzip by option or by the ending of the path', async (t) => {
  const folder = tempFolder(t);
  await feed(toJsonLines(join(folder, 'a.ndjson.gz')), BATCHES);
  await feed(toJsonLines(join(folder, 'b'), { gzip: 9 }), BATCHES);
  await feed(toJsonLines(join(folder, 'c.gz'), { gzip: false }), BATCHES);
  t.is(gunzipSync(readFileSync(join(folder, 'a.ndjson.gz'))).toString(), LINES);
  t.is(gunzipSync(readFileSync(join(folder, 'b'))).toString(), LINES);
  t.is(readFileSync(join(folder, 'c.gz'), 'utf8'), LINES);
  t.throws(() => toJsonLines('d', { gzip: 10 }), { code: 'ERR_OPTION', message: /gzip.*10/ });
});

test('a symbolic link stays one; a device is written in place', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'real'), 'old');
  symlinkSync('real', join(folder, 'link'));
  await feed(toJsonLines(join(folder, 'link')), BATCHES);
  t.is(readlinkSync(join(folder, 'link')), 'real');
  t.is(readFileSync(join(folder, 'real'), 'utf8'), LINES);
  await feed(toJsonLines('/dev/null'), BATCHES);
  t.true(statSync('/dev/null').isCharacterDevice());
});

test('a folder, a missing folder and a name of 255 bytes', async (t) => {
  const folder = tempFolder(t);
  mkdirSync(join(folder, 'is-folder'));
  await t.throwsAsync(feed(toJsonLines(join(folder, 'is-folder')), BATCHES), { code: 'ERR_SINK', message: /folder/ });
  await t.throwsAsync(feed(toJsonLines(join(folder, 'no', 'out')), BATCHES), { code: 'ERR_SINK', message: /ENOENT/ });
  await feed(toJsonLines(join(folder, 'x'.repeat(255))), BATCHES);
  t.is(readFileSync(join(folder, 'x'.repeat(255)), 'utf8'), LINES);
});

test('a full disk is an ERR_SINK with its cause', async (t) => {
  if (!existsSync('/dev/full')) return t.pass('this system has no /dev/full');
  const error = await t.throwsAsync(feed(toJsonLines('/dev/full'), BATCHES), { code: 'ERR_SINK', message: /ENOSPC/ });
  t.is((error.cause as NodeJS.ErrnoException).code, 'ENOSPC');
});

test('text longer than the scratch memory is written whole', async (t) => {
  const folder = tempFolder(t);
  const values = ['\u00e9'.repeat(200_000), 'x'.repeat(3_000_000), 'short'];
  await feed(toJsonLines(join(folder, 'out')), [values, values]);
  const lines = readFileSync(join(folder, 'out'), 'utf8').trimEnd().split('\n');
  t.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [...values, ...values],
  );
});

test('the order is: data, fsync, rename, fsync of the folder', async (t) => {
  if (spawnSync('strace', ['-V']).status !== 0) return t.pass('strace is not installed: order not observed');
  const path = join(tempFolder(t), 'out.ndjson');
  const sink = new URL('../../src/sinks/to-json-lines.js', import.meta.url).href;
  const script = `const { toJsonLines } = await import('${sink}'); const s = toJsonLines(process.argv[1]);
    await s.start({ signal: new AbortController().signal }); await s.write([{ marker: 1 }]); await s.close();`;
  const calls = ['-f', '-qq', '-e', 'trace=write,pwrite64,fsync,rename,renameat,renameat2'];
  const node = [process.execPath, '--input-type=module', '-e', script, path];
  const { stderr } = spawnSync('strace', [...calls, ...node], { encoding: 'utf8', timeout: 60_000 });
  if (!/fsync/.test(stderr) && /ptrace|not permitted/i.test(stderr)) return t.pass('this system lets nobody trace');
  const order = stderr.match(/marker|fsync\(|rename\w*\(/g);
  t.deepEqual(order, ['marker', 'fsync(', 'rename(', 'fsync(']);
});

test('a slow Writable is waited for, and what it holds is counted', async (t) => {
  const slow = new PassThrough({ highWaterMark: 8 });
  const sink = toJsonLines(slow);
  await sink.start!({ signal: new AbortController().signal });
  let isWritten = false;
  const write = Promise.resolve(sink.write(['long enough to fill it'])).then(() => {
    isWritten = true;
  });
  await setImmediate();
  t.false(isWritten);
  t.true(sink.bufferedBytes! > 0);
  slow.resume();
  await write;
  t.true(isWritten);
  t.is(slow.listenerCount('drain'), 1);
  await sink.close!();
  t.is(slow.listenerCount('drain'), 0);
  t.true(slow.writableFinished);
});

test('a Writable that errs or closes before the end is a typed error', async (t) => {
  const broken = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('no'), { code: 'EPIPE' })),
  });
  const error = await t.throwsAsync(feed(toJsonLines(broken, {}), [[1], [2], [3]]), { code: 'ERR_SINK' });
  t.is((error.cause as NodeJS.ErrnoException).code, 'EPIPE');
  const closed = new PassThrough({ highWaterMark: 1 });
  const run = feed(toJsonLines(closed), [[1], [2]]);
  setTimeout(() => closed.destroy(), 5);
  await t.throwsAsync(run, { code: 'ERR_SINK', message: /closed before the end/ });
  const ended = new PassThrough();
  ended.end();
  await t.throwsAsync(feed(toJsonLines(ended), [[1]]), { code: 'ERR_SINK' });
  const gzipped = new Writable({ write: (_chunk, _encoding, done) => done(new Error('late no')) });
  await t.throwsAsync(feed(toJsonLines(gzipped, { gzip: true }), [[1]]), { code: 'ERR_SINK', message: /late no/ });
});

test('a signal frees a sink that waits for drain, and the Writable is destroyed', async (t) => {
  for (const gzip of [false, true]) {
    const stuck = new Writable({ highWaterMark: 1, write: () => {} });
    const abort = new AbortController();
    const batches = Array.from({ length: 200 }, (_, i) => [`${i}`.repeat(5_000)]);
    const run = feed(toJsonLines(stuck, { gzip: gzip ? 0 : false }), batches, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 5);
    const error = await t.throwsAsync(run);
    t.regex(error.message, /enough/);
    t.true(stuck.destroyed);
  }
});

test('a WritableStream gets bytes', async (t) => {
  const chunks: Uint8Array[] = [];
  const stream = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
  await feed(toJsonLines(stream), BATCHES);
  t.is(Buffer.concat(chunks).toString(), LINES);
});

test('a folder that may not be written to is an ERR_SINK', async (t) => {
  const folder = tempFolder(t);
  chmodSync(folder, 0o500);
  if (process.getuid?.() === 0) return t.pass('root may write everywhere');
  await t.throwsAsync(feed(toJsonLines(join(folder, 'out')), BATCHES), { code: 'ERR_SINK', message: /EACCES/ });
});

test('what is no destination is refused at the call', (t) => {
  for (const wrong of ['', 5, null, new URL('http://example.org/x')]) {
    t.throws(() => toJsonLines(wrong as never), { code: 'ERR_OPTION' });
  }
});
