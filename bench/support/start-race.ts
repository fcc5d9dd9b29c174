import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A job of one side of a race, and the same on an input with next to nothing in it: what starting costs. */
export interface StartRunner {
  readonly name: string;
  readonly job: readonly [command: string, ...args: string[]];
  readonly start: readonly [command: string, ...args: string[]];
}

interface Use {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

/** Runs a command to its end: CPU seconds of it and its children (bash), the largest peak among them (GNU time). */
function measure(command: readonly string[], folder: string): Use {
  const peakFile = join(folder, 'peak');
  const script = 'TIMEFORMAT="%3U %3S"; { time "$@" >/dev/null 2>/dev/null; } 2>&1; exit "$?"';
  const timed = ['/usr/bin/time', '-o', peakFile, '-f', '%M', ...command];
  const { stdout, status } = spawnSync('bash', ['-c', script, 'race', ...timed], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ').slice(0, 500)} failed`);
  const [user, system] = stdout.trim().split(' ').map(Number);
  return { cpuSeconds: user! + system!, peakMiB: Number(readFileSync(peakFile, 'utf8')) / 1024 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/**
 * Runs all sides once a round, one after the other, and prints for each the median of the CPU seconds less those of
 * starting, its ratio to the first side, the whole CPU seconds and the peak RSS.
 */
export function startRace(title: string, runners: readonly StartRunner[], rounds: number, folder: string): void {
  const net = runners.map((): number[] => []);
  const whole = runners.map((): number[] => []);
  const peaks = runners.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { job, start }] of runners.entries()) {
      const { cpuSeconds, peakMiB } = measure(job, folder);
      net[i]!.push(Math.max(0.001, cpuSeconds - measure(start, folder).cpuSeconds));
      whole[i]!.push(cpuSeconds);
      peaks[i]!.push(peakMiB);
    }
  }
  console.log(`\n${title} (Node ${process.versions.node}, ${rounds} rounds)`);
  console.log(`${' '.repeat(36)} CPU s   ratio  with start   peak RSS`);
  for (const [i, { name }] of runners.entries()) {
    const ratio = median(net[i]!.map((seconds, round) => seconds / net[0]![round]!));
    const cells = [median(net[i]!).toFixed(3), ratio.toFixed(2), median(whole[i]!).toFixed(3)];
    console.log(
      `${name.padEnd(34)} ${cells.map((cell) => cell.padStart(7)).join(' ')} ${median(peaks[i]!).toFixed(0).padStart(9)} MiB`,
    );
  }
}
