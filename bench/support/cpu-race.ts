import { spawnSync } from 'node:child_process';

/** A command line that does the job, by the name under which it is reported. */
export type Racers = Readonly<Record<string, readonly [command: string, ...args: string[]]>>;

/** CPU seconds of a command and its children; `undefined` if it failed or is not installed. */
function cpuSeconds(command: readonly string[]): number | undefined {
  const script = 'TIMEFORMAT="%U %S"; { time "$@" >/dev/null 2>&1; } 2>&1; exit "$?"';
  const { stdout, status } = spawnSync('bash', ['-c', script, 'race', ...command], { encoding: 'utf8' });
  const [user = Number.NaN, system = Number.NaN] = stdout.trim().split(' ').map(Number);
  return status === 0 ? user + system : undefined;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/**
 * Runs every command once a round, one after the other, as processes of any language, and prints the medians of their
 * CPU time, start of the process included, and how many times that of `ours` it is.
 */
export function race(title: string, racers: Racers, ours: string, rounds: number): void {
  const seconds = new Map<string, number[]>();
  const absent = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of Object.entries(racers)) {
      if (absent.has(name)) continue;
      const used = cpuSeconds(command);
      if (used === undefined) absent.add(name);
      else seconds.set(name, [...(seconds.get(name) ?? []), used]);
    }
  }
  const base = seconds.get(ours);
  console.log(`\n${title} (Node ${process.versions.node}, ${rounds} rounds; times ${ours})`);
  for (const name of Object.keys(racers)) {
    const values = seconds.get(name);
    if (absent.has(name) || values === undefined || base === undefined) {
      console.log(`${name.padEnd(40)} absent`);
      continue;
    }
    const ratio = median(values.map((value, round) => value / base[round]!));
    console.log(`${name.padEnd(40)} ${ratio.toFixed(2).padStart(6)} ${median(values).toFixed(2).padStart(7)} s`);
  }
}
