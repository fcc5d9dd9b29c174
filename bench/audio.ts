/**
 * Tags and sound frames against music-metadata's own parseFile, ffprobe and sox: CPU seconds less those of starting
 * (the same on one small file, on both sides), and peak RSS, in one interleaved run.
 *
 *   node build/bench/audio.js [rounds] [part of a title]
 */
import { existsSync, linkSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, hasProgram, type MediaRaces, makeFile, mediaRaces, ownReader } from './support/media-files.ts';

/** Enough of them for compiled code to be most of what runs. */
const FILES = 2000;
/** A process for each: fewer of them. */
const PROBED_FILES = 100;

/** A file, and further names of it. */
function tagFiles(folder: string, kind: string, count: number): readonly [one: string, many: readonly string[]] {
  const tags = ['-metadata', 'title=A title', '-metadata', 'artist=Somebody', '-metadata', 'album=Of all'];
  const one = makeFile(folder, `one.${kind}`, '-f', 'lavfi', '-i', 'sine=frequency=440:duration=5', ...tags);
  const many = Array.from({ length: count }, (_, i) => join(folder, `${i}.${kind}`));
  for (const path of many) if (!existsSync(path)) linkSync(one, path);
  return [one, many];
}

function tagRace({ folder, race }: MediaRaces, kind: string): void {
  race(`Tags of ${FILES} small files: ${kind}`, () => {
    const [one, many] = tagFiles(folder, kind, FILES);
    return [
      { name: 'tidegate', job: ownReader('audio', {}, many), start: ownReader('audio', {}, [one]) },
      { name: 'music-metadata parseFile', job: parseFile(many), start: parseFile([one]) },
    ];
  });
}

function probeRace({ folder, race }: MediaRaces): void {
  race(`Tags of ${PROBED_FILES} small files: mp3, against ffprobe`, () => {
    const [one, many] = tagFiles(folder, 'mp3', PROBED_FILES);
    return [
      { name: 'tidegate', job: ownReader('audio', {}, many), start: ownReader('audio', {}, [one]) },
      { name: 'ffprobe, one process a file', job: probe(many), start: ['true'] },
    ];
  });
}

function parseFile(paths: readonly string[]): Command {
  const metadata = import.meta.resolve('music-metadata');
  const module = `import { parseFile } from '${metadata}'; for (const path of ${JSON.stringify(paths)}) await parseFile(path);`;
  return [process.execPath, '--input-type=module', '-e', module];
}

function probe(paths: readonly string[]): Command {
  return ['sh', '-c', paths.map((path) => `ffprobe -v quiet -of json -show_format -show_streams '${path}'`).join(';')];
}

function frameRace({ folder, race }: MediaRaces): void {
  const sound = (seconds: number): string[] => ['-f', 'lavfi', '-i', `anoisesrc=d=${seconds}:c=pink:r=44100:a=0.5`];
  const own = (path: string): Command => ownReader('audio', { frames: { size: 4096 }, tags: false }, [path]);
  const sox = (path: string): Command => ['sox', path, '-n', 'stat'];
  race('Sound frames of 10 minutes of 16-bit stereo WAV', () => {
    const long = makeFile(folder, 'noise.wav', ...sound(600), '-ac', '2');
    const one = makeFile(folder, 'short.wav', ...sound(0.1), '-ac', '2');
    return [
      { name: 'tidegate', job: own(long), start: own(one) },
      { name: 'sox stat', job: sox(long), start: sox(one) },
    ];
  });
}

mediaRaces((races) => {
  for (const kind of ['mp3', 'flac', 'ogg', 'm4a', 'wav', 'aiff', 'mka', 'wma']) tagRace(races, kind);
  probeRace(races);
  if (hasProgram('sox')) frameRace(races);
});
