import { MiB } from '../../src/units.ts';
import { peakRss } from '../../test/support/peak-rss.ts';

/** Variants of one job, by name; each a list of arguments for the script. */
export type Variants = Readonly<Record<string, readonly string[]>>;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

/**
 * Runs each variant of a script in fresh child processes, all of them once a round in random order, and prints the
 * medians of CPU time (less that of the script that is told to do nothing) and of peak RSS over a bare Node.
 */
export async function compare(
  title: string,
  script: URL,
  variants: Variants,
  rival: string,
  rounds = 5,
): Promise<void> {
  const cpuMs = new Map<string, number[]>();
  const rssBytes = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const idle = await peakRss(script, ['idle'], Number.POSITIVE_INFINITY);
    for (const [name, args] of shuffled(Object.entries(variants))) {
      const use = await peakRss(script, args, Number.POSITIVE_INFINITY);
      cpuMs.set(name, [...(cpuMs.get(name) ?? []), use.cpuMs - idle.cpuMs]);
      rssBytes.set(name, [...(rssBytes.get(name) ?? []), use.aboveBareBytes]);
    }
  }
  const rivalMs = cpuMs.get(rival)!;
  console.log(`\n${title} (Node ${process.versions.node}, ${rounds} rounds; CPU against ${rival})`);
  for (const name of Object.keys(variants)) {
    const ratio = median(cpuMs.get(name)!.map((ms, round) => ms / rivalMs[round]!)).toFixed(2);
    const ms = median(cpuMs.get(name)!).toFixed(0);
    const rss = (median(rssBytes.get(name)!) / MiB).toFixed(1);
    console.log(`${name.padEnd(44)} ${ratio.padStart(6)} ${ms.padStart(7)} ms ${rss.padStart(7)} MiB over bare`);
  }
}
