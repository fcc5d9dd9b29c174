import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a program is installed; says so if it is not. */
export function hasProgram(program: string): boolean {
  const isThere = spawnSync(program, ['-version']).error === undefined;
  if (!isThere) console.log(`${program} is not installed: its races are left out`);
  return isThere;
}

/** A file that ffmpeg makes, once. */
export function makeFile(folder: string, name: string, ...args: string[]): string {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return path;
}

/** Node running a module that reads files with a reader of ours and throws the records away. */
export function ownReader(name: 'audio' | 'video', options: object, paths: readonly string[]): [string, ...string[]] {
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
