import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.ts';

/** Runs in the child before anything else: notes each module's URL as it is loaded, ESM and CommonJS, in a file. */
const watch = (log: string) => `
import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';
const hooks = \`
  import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    appendFileSync(${JSON.stringify(log)}, url + '\\\\n');
    return next(url, context);
  }\`;
register('data:text/javascript,' + encodeURIComponent(hooks));
process.on('exit', () => {
  for (const path of Object.keys(Module._cache)) appendFileSync(${JSON.stringify(log)}, path + '\\n');
});
`;

/**
 * The modules that a script loads, as URLs or paths, by running it in a child process in the project's folder.
 * `node:` modules are left out.
 */
export function loadedModules(script: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-loaded-'));
  try {
    const log = join(folder, 'log');
    const hooks = `data:text/javascript,${encodeURIComponent(watch(log))}`;
    const args = ['--no-warnings', '--import', hooks, '--input-type=module', '--eval', script];
    const { stderr, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(/^.*Error.*$/m.exec(stderr)?.[0] ?? stderr);
    const loaded = readFileSync(log, 'utf8').split('\n');
    return loaded.filter((url) => url !== '' && !/^(node|data):/.test(url));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
