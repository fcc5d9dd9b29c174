import { spawnSync } from 'node:child_process';
import { ROOT } from './root.ts';

/** Runs in the child before anything else: prints each module's URL as it is loaded, ESM and CommonJS. */
const WATCH = `
import { writeSync } from 'node:fs';
import Module, { register } from 'node:module';
const hooks = \`
  import { writeSync } from 'node:fs';
  export async function load(url, context, next) {
    writeSync(1, 'loaded ' + url + '\\\\n');
    return next(url, context);
  }\`;
register('data:text/javascript,' + encodeURIComponent(hooks));
process.on('exit', () => {
  for (const path of Object.keys(Module._cache)) writeSync(1, 'loaded ' + path + '\\n');
});
`;

/**
 * The modules that a script loads, as URLs or paths, by running it in a child process in the project's folder.
 * `node:` modules are left out.
 */
export function loadedModules(script: string): readonly string[] {
  const watch = `data:text/javascript,${encodeURIComponent(WATCH)}`;
  const args = ['--no-warnings', '--import', watch, '--input-type=module', '--eval', script];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(/^.*Error.*$/m.exec(stderr)?.[0] ?? stderr);
  const loaded = [...stdout.matchAll(/^loaded (.*)$/gm)].map(([, url]) => url!);
  return loaded.filter((url) => !url.startsWith('node:') && !url.startsWith('data:'));
}
