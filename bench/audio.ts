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
const FILES = 200;
if (!hasProgram('ffmpeg') || !hasProgram('ffprobe')) process.exit(0);
const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));

function tagRace(kind: string): void {
  const title = `Tags of ${FILES} small files: ${kind}`;
  if (!title.includes(ONLY)) return;
  const tags = ['-metadata', 'title=A title', '-metadata', 'artist=Somebody', '-metadata', 'album=Of all'];
  const one = makeFile(folder, `one.${kind}`, '-f', 'lavfi', '-i', 'sine=frequency=440:duration=5', ...tags);
  const many = Array.from({ length: FILES }, (_, i) => {
    const path = join(folder, `${i}.${kind}`);
    copyFileSync(one, path);
    return path;
  });
  startRace(
    title,
    [
      { name: 'tidegate', job: ownReader('audio', {}, many), start: ownReader('audio', {}, [one]) },
      { name: 'music-metadata parseFile', job: parseFile(many), start: parseFile([one]) },
      // spawning is the same for every kind: once is enough
      ...(kind === 'mp3' ? [{ name: 'ffprobe, one process a file', job: probe(many), start: ['true'] as const }] : []),
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
  frameRace();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
