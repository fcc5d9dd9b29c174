/**
 * Media against their rivals: CPU seconds of child processes (start-up of Node subtracted where it is a Node), peak
 * RSS, as ratios in one interleaved run.
 *
 *   node build/bench/media.js [runs] [part of a title]
 *
 * Rivals: ffprobe and ffmpeg (FFmpeg), sox, music-metadata's own parseFile. One that is not installed is said so.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RUNS = Number(process.argv[2] ?? 5);
const ONLY = process.argv[3] ?? '';
const reader = (name: string): string => new URL(`../src/formats/${name}/reader.js`, import.meta.url).href;
const input = new URL('../src/bytes/file-input.js', import.meta.url).href;

interface Runner {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Subtract the start of a bare Node. */
  readonly isNode?: boolean;
}

interface Use {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

/** Runs a command to its end under GNU time. */
function measure(command: readonly string[]): Use {
  const { stderr, status } = spawnSync('/usr/bin/time', ['-f', '\n%U %S %M', ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(`${command.join(' ')} failed: ${stderr.slice(-500)}`);
  const [user, system, kib] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { cpuSeconds: user! + system!, peakMiB: kib! / 1024 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Interleaves the runners, so that a busy machine is busy for all of them. */
function race(title: string, runners: readonly Runner[]): void {
  if (!title.includes(ONLY)) return;
  const bare: number[] = [];
  const uses = runners.map((): Use[] => []);
  for (let run = 0; run < RUNS; run++) {
    bare.push(measure([process.execPath, '--input-type=module', '-e', '']).cpuSeconds);
    for (const [i, { command }] of runners.entries()) uses[i]!.push(measure(command));
  }
  const start = median(bare);
  const rows = runners.map(({ name, isNode }, i) => ({
    name,
    cpu: Math.max(0.001, median(uses[i]!.map(({ cpuSeconds }) => cpuSeconds)) - (isNode ? start : 0)),
    rss: median(uses[i]!.map(({ peakMiB }) => peakMiB)),
  }));
  console.log(`\n${title} (start of a bare Node, ${start.toFixed(3)} s, subtracted from those of Node)`);
  for (const { name, cpu, rss } of rows)
    console.log(
      `  ${name.padEnd(34)} ${cpu.toFixed(3)} s CPU  ${(cpu / rows[0]!.cpu).toFixed(2)}x  ${rss.toFixed(0)} MiB`,
    );
}

/** A module that reads files with a reader of ours and throws the records away. */
function own(name: 'audio' | 'video', options: object, ...paths: string[]): Runner['command'] {
  const module = `import { reader } from '${reader(name)}'; import { openFile } from '${input}';
    for (const path of ${JSON.stringify(paths)}) {
      const file = openFile(path, { isSync: true });
      for await (const batch of reader.read(file, ${JSON.stringify(options)})) if (batch.some((r) => r.severity === 'error')) throw new Error(JSON.stringify(batch));
      file.close();
    }`;
  return [process.execPath, '--input-type=module', '-e', module];
}

function has(program: string): boolean {
  const isThere = spawnSync(program, ['-version']).error === undefined;
  if (!isThere) console.log(`${program} is not installed: its races are left out`);
  return isThere;
}

if (!has('ffmpeg') || !has('ffprobe')) process.exit(0);
const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
const made = (name: string, ...args: string[]): string => {
  const path = join(folder, name);
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return path;
};

try {
  const tone = [
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440:duration=1',
    '-metadata',
    'title=A title',
    '-metadata',
    'artist=Somebody',
  ];
  const small = ['mp3', 'flac', 'm4a', 'wav', 'ogg'].map((kind) => made(`small.${kind}`, ...tone));
  const many = Array.from({ length: 200 }, (_, i) => {
    const path = join(folder, `${i}-${small[i % small.length]!.split('/').at(-1)}`);
    writeFileSync(path, readFileSync(small[i % small.length]!));
    return path;
  });
  const metadata = import.meta.resolve('music-metadata');
  const parseFile = `import { parseFile } from '${metadata}'; for (const path of ${JSON.stringify(many)}) await parseFile(path);`;
  const probes = many.map((path) => `ffprobe -v quiet -of json -show_format -show_streams '${path}'`).join(';');
  race('Tags of 200 small files', [
    { name: 'tidegate', command: own('audio', {}, ...many), isNode: true },
    {
      name: 'music-metadata parseFile',
      command: [process.execPath, '--input-type=module', '-e', parseFile],
      isNode: true,
    },
    { name: 'ffprobe, one process a file', command: ['sh', '-c', probes] },
  ]);

  const clip = made(
    'clip.mp4',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=320x180:rate=30:duration=60',
    '-f',
    'lavfi',
    '-i',
    'sine=duration=60',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '2',
    '-c:a',
    'aac',
  );
  for (const minutes of [10, 120]) {
    const long = made(`${minutes}.mp4`, '-stream_loop', String(minutes - 1), '-i', clip, '-c', 'copy');
    race(`Packets of an MP4 of ${minutes} minutes`, [
      { name: 'tidegate', command: own('video', { packets: true, tags: false }, long), isNode: true },
      {
        name: 'ffprobe -show_packets -of csv',
        command: ['ffprobe', '-v', 'error', '-show_packets', '-of', 'csv', long],
      },
    ]);
  }

  const wave = made('noise.wav', '-f', 'lavfi', '-i', 'anoisesrc=d=600:c=pink:r=44100:a=0.5', '-ac', '2');
  race('Sound frames of 10 minutes of 16-bit stereo WAV', [
    { name: 'tidegate', command: own('audio', { frames: { size: 4096 }, tags: false }, wave), isNode: true },
    ...(has('sox') ? [{ name: 'sox stat', command: ['sox', wave, '-n', 'stat'] as const }] : []),
  ]);

  const longer = made('longer.mp4', '-stream_loop', '3', '-i', clip, '-c', 'copy');
  const filter = "select='not(mod(n,30))',scale=64:36:flags=area,format=gray,showinfo=checksum=0";
  race('Every 30th picture of 4 minutes of 640x360', [
    {
      name: 'tidegate',
      command: own('video', { frames: { every: 30 }, ffmpeg: true, tags: false }, longer),
      isNode: true,
    },
    {
      name: 'ffmpeg with the same filter',
      command: [
        'sh',
        '-c',
        `ffmpeg -v info -nostats -threads 1 -i ${longer} -map 0:v:0 -vf "${filter}" -fps_mode passthrough -f image2pipe -c:v pgm - | cat`,
      ],
    },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
