import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { GiB, MiB } from '../../src/units.ts';
import { chunk, infoList, itunesTags, mp4, u32, u32List, wav, waveFormat } from '../formats/media/files.ts';

interface Use {
  readonly peakBytes: number;
  readonly records: number;
  readonly status: string;
  readonly bytesRead: number;
}

const script = fileURLToPath(new URL('./media-read.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tidegate-bounds-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const isMeasurable = process.platform === 'linux';

function run(...args: string[]): Use {
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Use;
}

/** Peak memory of reading a file over that of a Node that runs an empty module: the middle of three. */
function aboveBare(path: string, options: object): Use & { readonly aboveBytes: number } {
  const peak =
    "import { readFileSync } from 'node:fs'; console.log(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status'))[1])";
  const bare = spawnSync(process.execPath, ['--input-type=module', '-e', peak]);
  const uses = [1, 2, 3].map(() => run(path, JSON.stringify(options))).sort((a, b) => a.peakBytes - b.peakBytes);
  return { ...uses[1]!, aboveBytes: uses[1]!.peakBytes - Number(String(bare.stdout)) * 1024 };
}

/** A file of some size, nearly all of it a hole: parts at its start and its end. */
function sparse(name: string, sizeBytes: number, start: Buffer, end: Buffer): string {
  const path = join(folder, name);
  const file = openSync(path, 'w');
  writeSync(file, start, 0, start.length, 0);
  writeSync(file, end, 0, end.length, sizeBytes - end.length);
  closeSync(file);
  return path;
}

/** An MP4 file of some size whose movie box is at the end. */
function largeMp4(sizeBytes: number, samples = [1, 2, 3]): string {
  const small = mp4({ samples, extra: itunesTags({ '\xa9nam': 'Title' }) });
  const moov = small.subarray(small.lastIndexOf('moov') - 4);
  const ftyp = small.subarray(0, 20);
  const mdat = Buffer.alloc(16);
  mdat.writeUInt32BE(1);
  mdat.write('mdat', 4, 'latin1');
  mdat.writeBigUInt64BE(BigInt(sizeBytes - ftyp.length - moov.length), 8);
  return sparse(`${sizeBytes}.mp4`, sizeBytes, Buffer.concat([ftyp, mdat]), moov);
}

/** An RF64 file of some size, its tags behind the sound. */
function largeRf64(sizeBytes: number): string {
  const tags = infoList({ INAM: 'Title' });
  const ds64 = Buffer.alloc(28);
  const head = Buffer.concat([
    Buffer.from('RF64\xff\xff\xff\xffWAVE', 'latin1'),
    chunk('ds64', ds64),
    chunk('fmt ', waveFormat({})),
    Buffer.from('data\xff\xff\xff\xff', 'latin1'),
  ]);
  head.writeBigUInt64LE(BigInt(sizeBytes - head.length - tags.length), head.indexOf('ds64') + 8 + 8);
  return sparse(`${sizeBytes}.wav`, sizeBytes, head, tags);
}

for (const [name, make] of Object.entries({ MP4: largeMp4, RF64: largeRf64 })) {
  test.serial(`the header of an ${name} file of 8 GiB takes 24 MiB, and no more than that of 8 MiB`, (t) => {
    if (!isMeasurable) return t.pass('only measured on Linux');
    const large = aboveBare(make(8 * GiB), {});
    const small = aboveBare(make(8 * MiB), {});
    t.log(`8 GiB ${(large.aboveBytes / MiB).toFixed(1)} MiB, 8 MiB ${(small.aboveBytes / MiB).toFixed(1)} MiB`);
    t.is(large.status, 'ok');
    t.true(large.aboveBytes <= 24 * MiB);
    t.true(large.aboveBytes - small.aboveBytes <= 4 * MiB);
    t.true(large.bytesRead < MiB);
  });
}

test.serial('770,000 packets (2 hours of film and sound) take 48 MiB, and as much as 64,000 (10 minutes)', (t) => {
  if (!isMeasurable) return t.pass('only measured on Linux');
  const read = (count: number): ReturnType<typeof aboveBare> => {
    const samples = Array.from({ length: count }, (_, i) => 1 + (i % 9));
    const ctts = u32List([0, count, ...samples.flatMap((_, i) => [1, (i % 3) * 40])]);
    const path = join(folder, `${count}.mp4`);
    const edits = u32(0, 1, count * 40, 40, 0x10000);
    writeFileSync(path, mp4({ samples, edits, tables: { ctts } }));
    return aboveBare(path, { packets: true });
  };
  const many = read(770_000);
  const few = read(64_000);
  t.log(`770,000 ${(many.aboveBytes / MiB).toFixed(1)} MiB, 64,000 ${(few.aboveBytes / MiB).toFixed(1)} MiB`);
  t.true(many.records > 770_000);
  t.true(many.aboveBytes <= 48 * MiB);
  // V8 may double its young generation on the way, once
  t.true(many.aboveBytes - few.aboveBytes <= 6 * MiB);
});

test.serial('the header of a movie of 400 MB with 150,000 samples costs 3 MB of reading', (t) => {
  const path = largeMp4(400_000_000, new Array<number>(150_000).fill(7));
  const { bytesRead, status } = run(path, '{}');
  t.log(`${(bytesRead / 1e6).toFixed(2)} MB`);
  t.is(status, 'ok');
  t.true(bytesRead <= 3_000_000);
});

test.serial('the sound of a long pipe takes 24 MiB more than Node itself does to read it', (t) => {
  if (!isMeasurable) return t.pass('only measured on Linux');
  const head = wav({ sound: Buffer.alloc(0) });
  head.writeUInt32LE(0xffffffff, 4);
  head.writeUInt32LE(0xffffffff, head.length - 4);
  const path = sparse('live.wav', 256 * MiB, head, Buffer.alloc(1));
  const pipeInto = (...args: string[]): Use => {
    const command = [process.execPath, ...args].map((word) => `'${word}'`).join(' ');
    const { stdout, stderr } = spawnSync('sh', ['-c', `cat '${path}' | ${command}`], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Use;
  };
  // Node's streams leave what they read to the next collection
  const said = 'JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 })';
  const bare = `process.stdin.on("data", () => {}).on("end", () => console.log(${said}))`;
  const options = JSON.stringify({ frames: { size: 65_536 }, maxPipeBytes: 65_536 });
  const plain = Math.max(...[1, 2].map(() => pipeInto('-e', bare).peakBytes));
  const uses = [1, 2, 3].map(() => pipeInto(script, '-', options, 'audio'));
  t.true(uses.every(({ status, records }) => status === 'ok' && records > 256 * 7));
  const least = Math.min(...uses.map(({ peakBytes }) => peakBytes));
  t.log(`${(least / MiB).toFixed(1)} MiB, plain Node ${(plain / MiB).toFixed(1)} MiB`);
  t.true(least - plain <= 24 * MiB);
});
