/**
 * Tags and sound frames against music-metadata's own parseFile, ffprobe and sox: CPU seconds less those of starting
 * (the same on one small file, on both sides), and peak RSS, in one interleaved run.
 *
 *   node build/bench/audio.js [rounds] [part of a title]
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram, makeFile, ownReader } from './support/media-files.ts';
import { startRace } from './support/start-race.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const ONLY = process.argv[3] ?? '';
/** Enough of them for compiled code to be most of what runs. */
const FILES = 1000;
/** A process for each: fewer of them. */
const PROBED_FILES = 100;
if (!hasProgram('ffmpeg') || !hasProgram('ffprobe')) process.exit(0);
const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));

function tagFiles(kind: string, count: number): readonly [one: string, many: readonly string[]] {
  const tags = ['-metadata', 'title=A title', '-metadata', 'artist=Somebody', '-metadata', 'album=Of all'];
  const one = makeFile(folder, `one.${kind}`, '-f', 'lavfi', '-i', 'sine=frequency=440:duration=5', ...tags);
  const many = Array.from({ length: count }, (_, i) => {
    const path = join(folder, `${i}.${kind}`);
    copyFileSync(one, path);
    return path;
  });
  return [one, many];
}

function tagRace(kind: string): void {
  const title = `Tags of ${FILES} small files: ${kind}`;
  if (!title.includes(ONLY)) return;
  const [one, many] = tagFiles(kind, FILES);
  startRace(
    title,
    [
      { name: 'tidegate', job: ownReader('audio', {}, many), start: ownReader('audio', {}, [one]) },
      { name: 'music-metadata parseFile', job: parseFile(many), start: parseFile([one]) },
    ],
    ROUNDS,
    folder,
  );
  for (const path of many) rmSync(path);
}

function probeRace(): void {
  const title = `Tags of ${PROBED_FILES} small files: mp3, against ffprobe`;
  if (!title.includes(ONLY)) return;
  const [one, many] = tagFiles('mp3', PROBED_FILES);
  startRace(
    title,
    [
      { name: 'tidegate', job: ownReader('audio', {}, many), start: ownReader('audio', {}, [one]) },
      { name: 'ffprobe, one process a file', job: probe(many), start: ['true'] },
    ],
    ROUNDS,
    folder,
  );
}

function parseFile(paths: readonly string[]): [string, ...string[]] {
  const metadata = import.meta.resolve('music-metadata');
  const module = `import { parseFile } from '${metadata}'; for (const path of ${JSON.stringify(paths)}) await parseFile(path);`;
  return [process.execPath, '--input-type=module', '-e', module];
}

function probe(paths: readonly string[]): [string, ...string[]] {
  return ['sh', '-c', paths.map((path) => `ffprobe -v quiet -of json -show_format -show_streams '${path}'`).join(';')];
}

function frameRace(): void {
  const title = 'Sound frames of 10 minutes of 16-bit stereo WAV';
  if (!title.includes(ONLY) || !hasProgram('sox')) return;
  const sound = (seconds: number): string[] => ['-f', 'lavfi', '-i', `anoisesrc=d=${seconds}:c=pink:r=44100:a=0.5`];
  const long = makeFile(folder, 'noise.wav', ...sound(600), '-ac', '2');
  const one = makeFile(folder, 'short.wav', ...sound(0.1), '-ac', '2');
  const own = (path: string): [string, ...string[]] =>
    ownReader('audio', { frames: { size: 4096 }, tags: false }, [path]);
  const sox = (path: string): [string, ...string[]] => ['sox', path, '-n', 'stat'];
  startRace(
    title,
    [
      { name: 'tidegate', job: own(long), start: own(one) },
      { name: 'sox stat', job: sox(long), start: sox(one) },
    ],
    ROUNDS,
    folder,
  );
}

try {
  for (const kind of ['mp3', 'flac', 'ogg', 'm4a', 'wav', 'aiff', 'mka', 'wma']) tagRace(kind);
  probeRace();
  frameRace();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
