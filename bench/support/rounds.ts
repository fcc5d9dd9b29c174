import { type ChildUse, peakRss } from '../../test/support/peak-rss.ts';

/** What each way cost in each round, by its name. */
export type Rounds = ReadonlyMap<string, readonly ChildUse[]>;

/** Runs each way of doing a job in fresh child processes, all of them once a round, each round in another order. */
export async function runRounds(
  script: URL,
  ways: Readonly<Record<string, readonly string[]>>,
  count: number,
): Promise<Rounds> {
  const rounds = new Map<string, ChildUse[]>(Object.keys(ways).map((name) => [name, []]));
  const names = Object.keys(ways);
  for (let round = 0; round < count; round++) {
    for (let index = 0; index < names.length; index++) {
      const name = names[(index + round) % names.length]!;
      rounds.get(name)!.push(await peakRss(script, ways[name], Number.POSITIVE_INFINITY)); // what it needed, at once
    }
  }
  return rounds;
}

/** The median over the rounds of a figure, or of its ratio to that of a rival in the same round. */
export function medianOf(rounds: Rounds, name: string, figure: (use: ChildUse) => number, rival?: string): number {
  const rivals = rival === undefined ? undefined : rounds.get(rival)!;
  const values = rounds.get(name)!.map((use, round) => figure(use) / (rivals ? figure(rivals[round]!) : 1));
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Says whether a claim holds: `ok   0.23 <= 0.25  peak RSS of 192 MiB ...`. */
export function printClaim(what: string, value: number, relation: '<=' | '>=', reach: number): void {
  const holds = relation === '<=' ? value <= reach : value >= reach;
  console.log(`${holds ? 'ok  ' : 'MISS'} ${value.toFixed(2).padStart(7)} ${relation} ${reach.toFixed(2)}  ${what}`);
}

export const cpuOf = (use: ChildUse): number => use.cpuMs;
export const peakOf = (use: ChildUse): number => use.peakRssBytes;
