import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StartRunner, startRace } from './start-race.ts';

/** Races of one script, over files in a folder that is there as long as they run. */
export interface MediaRaces {
  readonly folder: string;
  /** Runs a race whose title has the part that was asked for. `make` makes its files, and says who takes part. */
  race(title: string, make: () => readonly StartRunner[]): void;
}

/** Runs the races that the command line asks for: `[rounds] [part of a title]`. Without ffmpeg there are no files. */
export function mediaRaces(run: (races: MediaRaces) => void): void {
  if (!hasProgram('ffmpeg') || !hasProgram('ffprobe')) return;
  const rounds = Number(process.argv[2] ?? 5);
  const part = process.argv[3] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  const race = (title: string, make: () => readonly StartRunner[]): void => {
    if (title.includes(part)) startRace(title, make(), rounds, folder);
  };
  try {
    run({ folder, race });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a program is installed; says so if it is not. */
export function hasProgram(program: string): boolean {
  const isThere = spawnSync(program, ['-version']).error === undefined;
  if (!isThere) console.log(`${program} is not installed: its races are left out`);
  return isThere;
}

/** A command line. */
export type Command = readonly [command: string, ...args: string[]];

/** A file that ffmpeg makes, once. */
export function makeFile(folder: string, name: string, ...args: string[]): string {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return path;
}

/** Node running a module that reads files with a reader of ours and throws the records away. */
export function ownReader(name: 'audio' | 'video', options: object, paths: readonly string[]): Command {
  const reader = new URL(`../../src/formats/${name}/reader.js`, import.meta.url).href;
  const input = new URL('../../src/bytes/file-input.js', import.meta.url).href;
  const module = `import { reader } from '${reader}'; import { openFile } from '${input}';
    for (const path of ${JSON.stringify(paths)}) {
      const file = openFile(path, { isSync: true });
      for await (const batch of reader.read(file, ${JSON.stringify(options)}))
        if (batch.some((r) => r.severity === 'error')) throw new Error(JSON.stringify(batch));
      file.close();
    }`;
  return [process.execPath, '--input-type=module', '-e', module];
}
