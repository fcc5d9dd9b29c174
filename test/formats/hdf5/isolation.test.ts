import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { File } from 'h5wasm';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import type { FormatReader } from '../../../src/formats/format.ts';
import type { Hdf5Options } from '../../../src/formats/hdf5/options.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { ROOT } from '../../support/root.ts';
import { tempFolder } from '../../support/temp.ts';
import { endOf, h5File } from './h5-file.ts';
import { fileOfExternalData } from './raw-file.ts';

const SCRIPT = `
import { openFile } from ${JSON.stringify(new URL('../../../src/bytes/file-input.js', import.meta.url).href)};
import { reader } from ${JSON.stringify(new URL('../../../src/formats/hdf5/reader.js', import.meta.url).href)};
import { readFileSync } from 'node:fs';
const input = openFile(process.argv[1]);
const records = [];
for await (const batch of reader.read(input, { slices: true })) records.push(...batch);
let isDenied = false;
try { readFileSync(process.argv[2]); } catch (error) { isDenied = error.code === 'ERR_ACCESS_DENIED'; }
console.log(JSON.stringify({ records, isDenied }));`;

interface Read {
  readonly records: ExtractionRecord[];
  /** A file beside the input was refused, so the test would see a read of it fail. */
  readonly isDenied: boolean;
  readonly secret: string;
}

/** Reads a file in a process which Node itself lets read nothing but that file and this project, also in its workers. */
async function readAlone(t: ExecutionContext, make: (secret: string) => Buffer | Promise<Buffer>): Promise<Read> {
  const { path, secret } = await inputBesideSecret(t, make);
  const flag = Number(process.versions.node.split('.')[0]) < 23 ? '--experimental-permission' : '--permission';
  const allowed = [`--allow-fs-read=${ROOT}*`, `--allow-fs-read=${path}`];
  const args = [flag, ...allowed, '--allow-worker', '--input-type=module', '-e', SCRIPT, path, secret];
  const child = spawnSync(process.execPath, args);
  t.is(child.status, 0, child.stderr.toString());
  return { ...(JSON.parse(child.stdout.toString()) as Omit<Read, 'secret'>), secret };
}

/** An input, and a file beside it that it points to. */
async function inputBesideSecret(t: ExecutionContext, make: (secret: string) => Buffer | Promise<Buffer>) {
  const folder = tempFolder(t);
  const secret = join(folder, 'secret.h5');
  writeFileSync(secret, await h5File((file) => file.create_dataset({ name: 'x', data: [1, 2, 3] })));
  const path = join(folder, 'input.h5');
  writeFileSync(path, await make(secret));
  return { path, secret };
}

/** An external link, and a dataset for which the library is asked. */
function linkOut(secret: string): Promise<Buffer> {
  return h5File((file) => {
    file.create_external_link(secret, '/x', 'outside');
    nbit(file);
  });
}

/** A dataset whose elements stand in another file. */
const dataOut = (secret: string): Buffer => fileOfExternalData([4], [{ name: secret, offset: 0, lengthBytes: 16 }]);

function nbit(file: File): void {
  const data = new Int32Array(64);
  file.create_dataset({ name: 'd', data, chunks: [32], compression: 5, compression_opts: [] });
}

test('an external link is reported, and no file but the input is opened, nor by the library', async (t) => {
  const { records, isDenied, secret } = await readAlone(t, linkOut);
  t.true(isDenied);
  t.like(
    records.find((record) => record.kind === 'object' && record.path === '/outside'),
    { class: 'link', attributes: { link: 'external', file: secret, target: '/x' } },
  );
  t.is(records.filter((record) => record.kind === 'sample').length, 2);
  t.is(endOf(records).status, 'ok');
});

test('external data are reported, and their file is not opened', async (t) => {
  const { records, isDenied, secret } = await readAlone(t, dataOut);
  t.true(isDenied);
  t.like(
    records.find((record) => record.kind === 'object' && record.path === '/outside'),
    { class: 'dataset', attributes: { layout: 'external', files: [secret] } },
  );
  t.like(
    records.find((record) => record.kind === 'issue'),
    { code: 'ERR_UNSUPPORTED', path: '/outside' },
  );
  t.false(records.some((record) => record.kind === 'sample'));
});

test('the kernel sees no file opened beside the input', async (t) => {
  if (spawnSync('strace', ['-V']).error) {
    t.log('strace is not installed: the tests above go without it');
    return t.pass();
  }
  for (const make of [linkOut, dataOut]) {
    const { path, secret } = await inputBesideSecret(t, make);
    const trace = join(dirname(path), 'trace');
    const own = [process.execPath, '--input-type=module', '-e', SCRIPT, path, join(dirname(path), 'none')];
    const options = ['-f', '-qq', '-s', '4096', '-e', 'trace=file', '-o', trace];
    const { status, stderr } = spawnSync('strace', [...options, ...own], { timeout: 60_000 });
    if (status !== 0 && /ptrace|not permitted/i.test(stderr.toString())) {
      t.log(`strace cannot be used here: ${stderr}`);
      return t.pass();
    }
    t.is(status, 0, stderr.toString());
    const seen = readFileSync(trace, 'utf8').split('\n');
    const opened = seen.filter((line) => /\bopen(at2?)?\(/.test(line));
    t.true(
      opened.some((line) => line.includes(path)),
      'the trace shows the input',
    );
    t.deepEqual(
      seen.filter((line) => line.includes(secret) && !line.includes('execve(')),
      [],
    );
    // Of the folder nothing but the input is opened (and the file that the script looks for itself).
    const others = opened.filter(
      (line) => line.includes(dirname(path)) && !line.includes(path) && !line.includes('/none"'),
    );
    t.deepEqual(others, []);
  }
});

test('without h5wasm the issue says how to install it', async (t) => {
  // The built files in a folder where h5wasm cannot be found.
  const folder = tempFolder(t);
  cpSync(join(ROOT, 'build/src'), join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'node_modules/h5wasm'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/h5wasm/package.json'), '{"name":"h5wasm","exports":{}}');
  const { reader } = (await import(join(folder, 'src/formats/hdf5/reader.js'))) as {
    reader: FormatReader<Hdf5Options>;
  };
  const records: ExtractionRecord[] = [];
  for await (const batch of reader.read(new MemoryInput(await h5File(nbit)), { slices: true })) records.push(...batch);
  const issue = records.find((record) => record.kind === 'issue');
  t.like(issue, { code: 'ERR_MISSING_PEER', path: '/d' });
  t.regex(issue!.message, /npm install h5wasm@/);
});
