import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A limit on memory that the kernel holds: who goes beyond it is killed, or gets no more. */
export interface HardLimit {
  /** What holds it, for people. */
  readonly name: string;
  /** Runs this Node with `args` under the limit, and gives what it printed, or `undefined` if it did not end well. */
  run(args: readonly string[]): string | undefined;
  /** Takes it away again. */
  close(): void;
}

/** A control group of its own where the machine lets us make one, else `ulimit -d`. Caller closes. */
export function hardLimit(limitBytes: number): HardLimit {
  return controlGroup(limitBytes) ?? dataLimit(limitBytes);
}

function controlGroup(limitBytes: number): HardLimit | undefined {
  const groups = readIf('/proc/self/cgroup');
  const path = (controller: string) => new RegExp(`^\\d+:${controller}:(.*)$`, 'm').exec(groups)?.[1];
  const tries = [
    { mount: '/sys/fs/cgroup/memory', own: path('memory'), limit: 'memory.limit_in_bytes', name: 'control group v1' },
    { mount: '/sys/fs/cgroup', own: path(''), limit: 'memory.max', name: 'control group v2' },
  ];
  for (const { mount, own, limit, name } of tries) {
    if (own === undefined) continue;
    const parent = existsSync(join(mount, own)) ? join(mount, own) : mount;
    const folder = join(parent, `tidegate-bench-${process.pid}`);
    try {
      mkdirSync(folder);
      if (!existsSync(join(folder, limit))) throw new Error('its parent does not hand the controller on');
      writeFileSync(join(folder, limit), String(limitBytes));
      const script = `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`;
      return { name, run: (args) => outputOf(script, args), close: () => rmdirSync(folder) };
    } catch {
      if (existsSync(folder)) rmdirSync(folder); // not allowed here: the next way
    }
  }
  return undefined;
}

/** What a process may write to, which is what a control group would kill it for. */
function dataLimit(limitBytes: number): HardLimit {
  const script = `ulimit -d ${Math.floor(limitBytes / 1024)}; exec "$@"`;
  return { name: 'ulimit -d', run: (args) => outputOf(script, args), close: () => {} };
}

function outputOf(script: string, args: readonly string[]): string | undefined {
  const command = ['-c', script, 'bash', process.execPath, ...args];
  const { status, stdout } = spawnSync('bash', command, { encoding: 'utf8', timeout: 300_000, killSignal: 'SIGKILL' });
  return status === 0 ? stdout : undefined;
}

function readIf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
