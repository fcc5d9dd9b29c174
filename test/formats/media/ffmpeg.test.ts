import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { openFile } from '../../../src/bytes/file-input.ts';
import type { Input } from '../../../src/bytes/input.ts';
import { buildArguments } from '../../../src/formats/media/ffmpeg/command.ts';
import { locateFfmpeg } from '../../../src/formats/media/ffmpeg/locate.ts';
import { MediaProcess } from '../../../src/formats/media/ffmpeg/media-process.ts';
import { ffmpegSource } from '../../../src/formats/media/ffmpeg/source.ts';
import type { AudioOptions, VideoOptions } from '../../../src/formats/media/options.ts';
import { reader as videoReader } from '../../../src/formats/video/reader.ts';
import { MemoryBudget } from '../../../src/memory/memory-budget.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { MiB } from '../../../src/units.ts';
import { until } from '../../support/until.ts';
import { end, field, issues, objects, readAudio, readVideo, samples } from './collect.ts';
import { sine16, wav } from './files.ts';

const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
const hasFfmpeg = spawnSync(program, ['-version']).status === 0;
const isLinux = process.platform === 'linux';
const STOPS = process.env.TIDEGATE_TEST_RUNS === 'ci' ? 100 : 12;
const folder = mkdtempSync(join(tmpdir(), 'tidegate-ffmpeg-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a test where ffmpeg is; says loudly where it is not. */
function withFfmpeg(title: string, body: (t: ExecutionContext) => Promise<unknown>): void {
  test.serial(title, async (t) => {
    if (hasFfmpeg) return body(t);
    t.log('ffmpeg is not installed: this was NOT tested');
    t.pass();
  });
}

let made = 0;
/** A file made with ffmpeg. */
function make(name: string, ...args: string[]): string {
  const path = join(folder, `${made++}-${name}`);
  const { status, stderr } = spawnSync(program, ['-v', 'error', '-y', ...args, `file:${path}`]);
  if (status !== 0) throw new Error(String(stderr));
  return path;
}

const PICTURES = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=30:duration=4'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=4'];

async function video(path: string, options: VideoOptions): Promise<ExtractionRecord[]> {
  const input = openFile(path);
  try {
    return await readVideo(input, { ffmpeg: true, tags: false, ...options });
  } finally {
    await input.close();
  }
}

async function audio(path: string, options: AudioOptions): Promise<ExtractionRecord[]> {
  const input = openFile(path);
  try {
    return await readAudio(input, { ffmpeg: true, tags: false, ...options });
  } finally {
    await input.close();
  }
}

withFfmpeg('decoded frames of FLAC are those of the WAV that it was made of', async (t) => {
  const source = join(folder, 'tone.wav');
  writeFileSync(source, wav({ channels: 2, sound: sine16(40_000) }));
  const flac = make('tone.flac', '-i', source);
  const decoded = samples(await audio(flac, { frames: { size: 1000, hop: 700 } }));
  const own = samples(await audio(source, { frames: { size: 1000, hop: 700 } }));
  t.true(own.length > 20);
  t.deepEqual(
    decoded.map(({ index, time, value }) => [index, time, value]),
    own.map(({ index, time, value }) => [index, time, value]),
  );
});

withFfmpeg('every n-th picture has its number, time and brightness', async (t) => {
  const path = make(
    'a.mp4',
    ...PICTURES,
    ...SOUND,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '2',
    '-c:a',
    'aac',
  );
  const found = samples(await video(path, { frames: { every: 30 } }));
  t.deepEqual(
    found.map(({ index, time }) => [index, time]),
    [
      [0, 0],
      [30, 1],
      [60, 2],
      [90, 3],
    ],
  );
  // all pixels of the picture at full size, by ffmpeg itself
  const raw = spawnSync(
    program,
    ['-v', 'error', '-i', path, '-frames:v', '1', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'],
    { maxBuffer: 1e8 },
  ).stdout;
  const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length;
  t.true(Math.abs((found[0]!.value as { luma: number }).luma - mean) < 1);
});

withFfmpeg('pictures by seconds and by keyframes, with thumbnails', async (t) => {
  const path = make('b.mp4', ...PICTURES, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '45');
  const bySeconds = samples(await video(path, { frames: { everySeconds: 2 } }));
  t.deepEqual(
    bySeconds.map(({ time }) => time),
    [0, 2],
  );
  const keyframes = samples(await video(path, { frames: { keyframes: true, thumbnail: { kind: 'jpeg', width: 32 } } }));
  t.deepEqual(
    keyframes.map(({ time }) => time),
    [0, 1.5, 3],
  );
  for (const { value } of keyframes) {
    const { keyframe, thumbnail, luma } = value as { keyframe: boolean; luma: number; thumbnail: { base64: string } };
    t.true(keyframe && luma > 0);
    t.is(Buffer.from(thumbnail.base64, 'base64').readUInt16BE(0), 0xffd8);
  }
  const [rgb] = samples(await video(path, { frames: { every: 1000, thumbnail: { kind: 'rgb', width: 16 } } }));
  const { thumbnail } = rgb!.value as unknown as { thumbnail: { width: number; height: number; base64: string } };
  t.is(Buffer.from(thumbnail.base64, 'base64').length, thumbnail.width * thumbnail.height * 3);
});

withFfmpeg('containers without a reader of our own: streams, chapters and packets', async (t) => {
  const path = make('c.ts', ...PICTURES, ...SOUND, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac');
  const records = await video(path, { packets: true });
  t.is(end(records).status, 'ok');
  t.deepEqual(
    objects(records).map(({ dtype, codec }) => [dtype, codec]),
    [
      ['video', 'h264'],
      ['audio', 'aac'],
    ],
  );
  t.true(Math.abs((field(records, 'format/duration') as number) - 4) < 0.2);
  t.is(samples(records).filter(({ path: stream }) => stream === 'stream[0]').length, 120);
});

withFfmpeg('a broken picture makes the file partial, though ffmpeg ends with 0', async (t) => {
  const path = make('d.mkv', ...PICTURES, '-c:v', 'libx264', '-preset', 'ultrafast');
  const bytes = readFileSync(path);
  bytes.fill(0x5a, bytes.length / 2, bytes.length / 2 + 4000);
  const broken = join(folder, 'broken.mkv');
  writeFileSync(broken, bytes);
  const records = await video(broken, { frames: { every: 10 } });
  t.is(end(records).status, 'partial');
  t.is(issues(records).at(-1)?.code, 'ERR_CHILD_PROCESS');
});

withFfmpeg('a file named -version, and names of protocols, are only files', async (t) => {
  const path = make('e.mp4', ...PICTURES, '-c:v', 'libx264', '-preset', 'ultrafast');
  for (const name of ['-version', '-h', 'concat:a|b', 'a b;c $(d) %d.mp4']) {
    writeFileSync(join(folder, name), readFileSync(path));
    t.is(samples(await video(join(folder, name), { frames: { every: 60 } })).length, 2, name);
  }
});

test('the source of a local file is file: and its absolute path', (t) => {
  for (const name of ['-version', 'concat:a|b', 'http://x/y']) {
    t.deepEqual(ffmpegSource({ localPath: name } as Input), { url: `file:${join(process.cwd(), name)}` });
  }
});

withFfmpeg('a playlist is not followed, whatever its name is', async (t) => {
  const target = make('f.ts', ...PICTURES, '-c:v', 'libx264', '-preset', 'ultrafast');
  for (const text of [
    `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://${target}\n#EXT-X-ENDLIST\n`,
    `ffconcat version 1.0\nfile '${target}'\n`,
  ]) {
    const run = await commandOver(join(folder, 'list.mp4'), text);
    t.is(await drain(run).catch((error: { code?: string }) => error.code), 'ERR_CHILD_PROCESS');
  }
});

async function commandOver(path: string, text: string): Promise<MediaProcess> {
  writeFileSync(path, text);
  const args = await buildArguments({ source: `file:${path}`, logLevel: 'error', outputOptions: ['-f', 'null'] }, {});
  return new MediaProcess({ path: program, args });
}

async function drain(child: MediaProcess): Promise<number> {
  let bytes = 0;
  for await (const chunk of child.chunks()) bytes += chunk.length;
  return bytes;
}

withFfmpeg('pictures larger than allowed are refused', async (t) => {
  const path = make('g.mp4', ...PICTURES, '-c:v', 'libx264', '-preset', 'ultrafast');
  const records = await video(path, { frames: { every: 1 }, ffmpeg: { maxPixels: 100 } });
  t.not(end(records).status, 'ok');
});

/** A stream without end: what a stopped consumer must hold up. */
const ENDLESS = [
  '-hide_banner',
  '-nostdin',
  '-v',
  'error',
  '-f',
  'lavfi',
  '-i',
  'testsrc2=size=320x180:rate=30',
  '-f',
  'rawvideo',
  '-pix_fmt',
  'rgb24',
  'pipe:1',
];

withFfmpeg('a consumer that stops holds ffmpeg within 1 MB', async (t) => {
  if (!isLinux) return t.pass('only looked at on Linux');
  const child = new MediaProcess({ path: program, args: ENDLESS });
  const chunks = child.chunks();
  let taken = 0;
  while (taken < 5_000_000) taken += ((await chunks.next()).value as Buffer).length;
  await sleep(300);
  const before = writtenBytes(child.pid!);
  await sleep(300);
  t.is(writtenBytes(child.pid!), before);
  t.true(before - taken < 1_000_000, `${before - taken} bytes ahead`);
  await chunks.return();
  t.false(isAlive(child.pid!));
});

function writtenBytes(pid: number): number {
  return Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))![1]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

withFfmpeg('no child is left, wherever it is stopped: at once, while paused, while running', async (t) => {
  t.timeout(120_000);
  for (let i = 0; i < STOPS; i++) {
    const abort = new AbortController();
    const child = new MediaProcess({ path: program, args: ENDLESS, signal: abort.signal });
    const chunks = child.chunks();
    const how = i % 4;
    if (how === 0) await child.kill();
    else if (how === 1) {
      await chunks.next();
      await sleep(20);
      await chunks.return();
    } else if (how === 2) {
      await chunks.next();
      abort.abort();
      await t.throwsAsync(
        async () => {
          while (!(await chunks.next()).done);
        },
        { code: 'ERR_ABORTED' },
      );
    } else {
      const pending = chunks.next();
      abort.abort();
      await pending.catch(() => {});
      await chunks.return();
    }
    const start = performance.now();
    while (isAlive(child.pid!) && performance.now() - start < 500) await sleep(5);
    t.false(isAlive(child.pid!), `stopped in way ${how}`);
  }
  if (isLinux) t.deepEqual(children(), []);
});

/** Processes whose parent is this one. */
function children(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'latin1'));
    } catch {
      return false;
    }
  });
}

withFfmpeg('leaving the records of a reader ends its ffmpeg', async (t) => {
  const path = make('h.mp4', ...PICTURES, '-c:v', 'libx264', '-preset', 'ultrafast');
  const input = openFile(path);
  for await (const batch of videoReader.read(input, {
    ffmpeg: true,
    tags: false,
    batchCount: 1,
    frames: { every: 1 },
  })) {
    if (samples(batch).length > 0) break;
  }
  await input.close();
  if (isLinux) t.deepEqual(children(), []);
  t.pass();
});

test.serial('an aborted signal starts nothing', (t) => {
  t.throws(() => new MediaProcess({ path: program, args: [], signal: AbortSignal.abort() }), { code: 'ERR_ABORTED' });
});

test.serial('a program that is not there is a typed error that says how to get it', async (t) => {
  await t.throwsAsync(locateFfmpeg({ path: '/nowhere/ffmpeg' }), {
    code: 'ERR_MISSING_PEER',
    message: /apt install ffmpeg/,
  });
  const child = new MediaProcess({ path: '/nowhere/ffmpeg', args: [] });
  await t.throwsAsync(drain(child), { code: 'ERR_CHILD_PROCESS' });
});

test.serial('a failing program tells its code and its last words, no more than 16 KiB of them', async (t) => {
  const script = "process.stderr.write('x'.repeat(100000) + '\\nlast words\\n', () => process.exit(3))";
  const child = new MediaProcess({ path: process.execPath, args: ['-e', script] });
  const error = await t.throwsAsync(drain(child), { code: 'ERR_CHILD_PROCESS', message: /code 3.*last words/s });
  t.truthy(error);
  t.true(child.stderrTail.length <= 16 * 1024);
});

test.serial('silence and length have their deadlines', async (t) => {
  const silent = new MediaProcess({
    path: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1e3)'],
    idleTimeoutMs: 100,
  });
  await t.throwsAsync(drain(silent), { code: 'ERR_TIMEOUT', message: /sent nothing/ });
  const long = new MediaProcess({
    path: process.execPath,
    args: ['-e', 'setInterval(() => console.log(1), 5)'],
    timeoutMs: 300,
  });
  await t.throwsAsync(drain(long), { code: 'ERR_TIMEOUT', message: /did not end/ });
  t.false(isAlive(silent.pid!) || isAlive(long.pid!));
});

test.serial('a paused consumer is not silence', async (t) => {
  const script = "process.stdout.write('a'); setTimeout(() => process.stdout.write('b'), 50)";
  const child = new MediaProcess({ path: process.execPath, args: ['-e', script], idleTimeoutMs: 5000 });
  const chunks = child.chunks();
  t.is(String((await chunks.next()).value), 'a');
  await sleep(300);
  t.is(String((await chunks.next()).value), 'b');
  t.true((await chunks.next()).done);
});

test.serial('what a process starts is ended with it', async (t) => {
  if (!isLinux) return t.pass('only looked at on Linux');
  const script =
    "const c = require('child_process').spawn('sleep', ['60']); console.log(c.pid); setInterval(() => {}, 1e3)";
  const child = new MediaProcess({ path: process.execPath, args: ['-e', script] });
  const chunks = child.chunks();
  const grandchild = Number(String((await chunks.next()).value));
  await chunks.return();
  await sleep(50);
  t.regex(stateOf(grandchild), /^(gone|Z)$/); // dead, if perhaps not yet collected by whoever collects orphans here
});

/** The state letter of a process on Linux. */
function stateOf(pid: number): string {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))![1]!;
  } catch {
    return 'gone';
  }
}

test.serial('input that is no file goes through standard input, as fast as it is taken', async (t) => {
  const script = "let n = 0; process.stdin.on('data', (d) => (n += d.length)).on('end', () => console.log(n))";
  const child = new MediaProcess({
    path: process.execPath,
    args: ['-e', script],
    feed: async (stdin) => {
      for (let i = 0; i < 50; i++)
        if (!stdin.write(Buffer.alloc(10_000))) await new Promise((resolve) => stdin.once('drain', resolve));
    },
  });
  let text = '';
  for await (const chunk of child.chunks()) text += String(chunk);
  t.is(Number(text), 500_000);
});

test.serial('the arguments guard every input', async (t) => {
  const args = await buildArguments(
    { source: 'file:/a b/-version', logLevel: 'error', outputOptions: ['-f', 'null'] },
    { threads: 2 },
  );
  const after = (name: string): string | undefined => args[args.indexOf(name) + 1];
  t.is(after('-i'), 'file:/a b/-version');
  t.is(after('-protocol_whitelist'), 'file,pipe');
  t.is(after('-threads'), '2');
  t.is(after('-max_pixels'), '67108864');
  t.true(args.includes('-nostdin'));
  for (const banned of ['hls', 'concat', 'dash', 'image2', 'sdp', 'rtsp', 'tee'])
    t.false(after('-format_whitelist')!.split(',').includes(banned));
  t.true(args.indexOf('-format_whitelist') < args.indexOf('-i'));
});

withFfmpeg('the memory of the child is in the books of the budget while it runs, and not after', async (t) => {
  const budget = new MemoryBudget(1024 * MiB);
  const seen: number[] = [];
  const path = make('long.mp4', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30:duration=8');
  const onRssBytes = (bytes: number): void => {
    seen.push(bytes);
    t.is(budget.usedBytes, bytes);
  };
  const input = openFile(path);
  const options = { frames: { every: 1 }, ffmpeg: { budget, onRssBytes }, tags: false, batchCount: 1 };
  for await (const batch of videoReader.read(input, options)) {
    // Nobody reads meanwhile: the child waits at its full pipe until it has been measured.
    if (batch[0]!.kind === 'sample') await until(() => seen.some((bytes) => bytes > MiB));
  }
  await input.close();
  t.is(seen.at(-1), 0);
  t.is(budget.usedBytes, 0);
});
