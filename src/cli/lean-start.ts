import { MiB, parseBytes } from '../units.ts';

/** What a run has without `--memory`. */
const DEFAULT_BYTES = 64 * MiB;
/** Of the memory, for each half of the young generation: more is no faster, less makes garbage of what is in use. */
const YOUNG_SHARE = 16;

/**
 * Starts Node anew in this very process, with what V8 reads at its start only: from Node 22 on, the new generation
 * grows to 32 MiB and more, and functions are compiled by threads whose memory stays.
 *
 * Where there is no `process.execve` (Node 20, Windows) nothing happens; Node 20 needs it less.
 */
export function startLean(memory: string | undefined): void {
  const { execve, execArgv, execPath, argv, env, platform } = process as typeof process & { execve?: Execve };
  if (execve === undefined || platform === 'win32') return;
  // A debugger, a probe and the like were meant for the process that they started.
  if (execArgv.some((flag) => /^--(max-semi-space-size|inspect|cpu-prof|heap-prof|watch|test)/.test(flag))) return;
  const memoryBytes = (memory === undefined ? undefined : parseBytes(memory)) ?? DEFAULT_BYTES;
  const youngMiB = Math.min(16, Math.max(1, Math.round(memoryBytes / MiB / YOUNG_SHARE)));
  const flags = ['--no-concurrent-recompilation', `--max-semi-space-size=${youngMiB}`];
  try {
    // One arena of glibc for all threads: each of those that V8 has would keep freed memory in one of its own.
    const leanEnv = { MALLOC_ARENA_MAX: '1', ...env };
    execve(execPath, [execPath, ...execArgv, ...flags, ...argv.slice(1)], leanEnv);
  } catch {
    // Not allowed here: the run takes what Node takes.
  }
}

/** In Node 22.15 and 23.11, and newer. It does not come back. */
type Execve = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => void;
