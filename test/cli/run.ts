import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const BIN: string = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

/** What a run of the command did. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How {@link run} runs the command. */
export interface RunOptions {
  readonly cwd?: string;
  /** Standard input; closed at once if absent. */
  readonly input?: string | Uint8Array;
}

/** Starts the command. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [BIN, ...args], { cwd: options.cwd });
}

/** Runs the command to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = start(args, options);
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  // A run that hangs fails its test by an error, not by silence.
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, 180_000);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  clearTimeout(timer);
  if (isLate) throw new Error(`no end after 3 minutes: ${args.join(' ')}`);
  return { code, signal, stdout, stderr };
}

/** The records of an output; throws if a line is torn. */
export function records(stdout: string): Record<string, unknown>[] {
  if (stdout !== '' && !stdout.endsWith('\n')) throw new Error('the last line is torn');
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Throws unless the records of each file have the numbers 0, 1, 2 ... and end with `end`. Returns the files. */
export function framedFiles(all: readonly Record<string, unknown>[]): Map<string, Record<string, unknown>[]> {
  const files = new Map<string, Record<string, unknown>[]>();
  for (const record of all) {
    const file = record.file as string;
    if (!files.has(file)) files.set(file, []);
    if (record.seq !== files.get(file)!.length)
      throw new Error(`${file}: seq ${record.seq} after ${files.get(file)!.length}`);
    files.get(file)!.push(record);
  }
  for (const [file, found] of files) {
    if (found[0]!.kind !== 'file' || found.at(-1)!.kind !== 'end') throw new Error(`${file} is not framed`);
  }
  return files;
}

/** Makes small files. */
export function makeFiles(folder: string, names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), `content of ${name}`);
  }
}

/** The highest RSS of a process so far, in bytes; 0 when it is gone. Linux only. */
export function peakRssBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
