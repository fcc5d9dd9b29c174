import { spawnSync } from 'node:child_process';

/** One way to do the same work: a command line. */
export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
}

/** What one way cost. */
export interface Outcome {
  readonly name: string;
  /** Median of all rounds, user and system together; `undefined` if the program is not on this machine. */
  readonly cpuSeconds: number | undefined;
}

/**
 * Runs each contestant once to warm the page cache and to see whether it is there, then all of them in turn, round
 * by round, each in a process of its own, and counts CPU seconds (not time: the machine may be busy).
 */
export function contest(contestants: readonly Contestant[], rounds = 5): readonly Outcome[] {
  const costs = contestants.map(({ command }) => (cpuSeconds(command) === undefined ? undefined : ([] as number[])));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { command }] of contestants.entries()) costs[index]?.push(cpuSeconds(command)!);
  }
  return contestants.map(({ name }, index) => ({ name, cpuSeconds: median(costs[index]) }));
}

/** Prints what each cost and its ratio to the first. */
export function printOutcomes(title: string, outcomes: readonly Outcome[]): void {
  const [first] = outcomes;
  console.log(`\n${title} (CPU seconds, ratio to the first)`);
  for (const { name, cpuSeconds } of outcomes) {
    const ratio = cpuSeconds === undefined ? '' : `${(cpuSeconds / first!.cpuSeconds!).toFixed(2)}x`;
    console.log(`  ${name.padEnd(44)} ${(cpuSeconds?.toFixed(2) ?? 'absent').padStart(8)} ${ratio.padStart(8)}`);
  }
}

/** bash counts the children of its own, whatever they are. */
function cpuSeconds(command: readonly string[]): number | undefined {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@" >/dev/null 2>/dev/null';
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', ...command], { encoding: 'utf8' });
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
  return status === 0 ? Number(user) + Number(system) : undefined;
}

function median(values: number[] | undefined): number | undefined {
  return values?.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
