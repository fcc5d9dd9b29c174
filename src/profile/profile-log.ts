import { positiveNumber } from '../options.ts';
import { MiB } from '../units.ts';
import type { Profile } from './profile.ts';

/** All profiles of one name together. */
export interface ProfileSummary {
  readonly name: string;
  readonly count: number;
  /** Those that ended with an error. */
  readonly errorCount: number;
  readonly items: number;
  readonly bytes: number;
  /** Sums. */
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly gcMs: number;
  readonly waitedMs: number;
  /** The highest. */
  readonly peakQueuedItems: number;
  readonly peakRssBytes: number;
  /** The highest `memoryRatio`; `undefined` if no profile has one. */
  readonly memoryRatio: number | undefined;
}

/** Puts profiles together by their names, in memory that grows with the names and not with the profiles. */
export class ProfileLog {
  readonly #byName: Map<string, ProfileSummary> = new Map();

  add(profile: Profile): void {
    const { name } = profile;
    this.#byName.set(name, joined(this.#byName.get(name) ?? empty(name), summaryOf(profile)));
  }

  /** One for each name, in the order of their first profiles. */
  profiles(): readonly ProfileSummary[] {
    return [...this.#byName.values()];
  }

  /** All of them together. */
  overall(): ProfileSummary {
    return this.profiles().reduce((sum, each) => joined(sum, each), empty('overall'));
  }

  /** Those whose memory grew by more than `thresholdRatio` times their input, the worst first. */
  problematic(thresholdRatio = 1): readonly ProfileSummary[] {
    positiveNumber('thresholdRatio', thresholdRatio);
    const ratioOf = ({ memoryRatio = 0 }: ProfileSummary) => memoryRatio;
    return this.profiles()
      .filter((each) => ratioOf(each) > thresholdRatio)
      .sort((a, b) => ratioOf(b) - ratioOf(a));
  }

  /** For `JSON.stringify`. */
  toJSON(): { readonly overall: ProfileSummary; readonly profiles: readonly ProfileSummary[] } {
    return { overall: this.overall(), profiles: this.profiles() };
  }

  /** A table for people, one line for each name and one for all. */
  toString(): string {
    const lines = [...this.profiles(), this.overall()].map(cellsOf);
    const table = [HEADINGS, ...lines];
    const widths = HEADINGS.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
    const line = (cells: readonly string[]) =>
      cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
    return table.map(line).join('\n');
  }
}

const HEADINGS = [
  'name',
  'runs',
  'errors',
  'items',
  'MiB',
  'ms',
  'CPU ms',
  'GC ms',
  'wait ms',
  'queue',
  'peak MiB',
  'ratio',
];

function cellsOf(each: ProfileSummary): string[] {
  const { name, count, errorCount, items, bytes, elapsedMs, cpuMs, gcMs, waitedMs, peakRssBytes, memoryRatio } = each;
  const counts = [count, errorCount, items].map(String);
  const times = [elapsedMs, cpuMs, gcMs, waitedMs].map((ms) => ms.toFixed(0));
  const peak = (peakRssBytes / MiB).toFixed(1);
  return [
    name,
    ...counts,
    (bytes / MiB).toFixed(1),
    ...times,
    String(each.peakQueuedItems),
    peak,
    memoryRatio?.toFixed(2) ?? '-',
  ];
}

function empty(name: string): ProfileSummary {
  const sums = { count: 0, errorCount: 0, items: 0, bytes: 0, elapsedMs: 0, cpuMs: 0, gcMs: 0, waitedMs: 0 };
  return { name, ...sums, peakQueuedItems: 0, peakRssBytes: 0, memoryRatio: undefined };
}

function summaryOf({ end, gc, ...profile }: Profile): ProfileSummary {
  const { name, items, bytes, elapsedMs, cpuMs, waitedMs, peakRssBytes, memoryRatio } = profile;
  const { peakItems: peakQueuedItems } = profile.queue;
  const gcMs = Object.values(gc).reduce((sum, kind) => sum + kind.elapsedMs, 0);
  const errorCount = end === 'error' ? 1 : 0;
  const sums = { name, count: 1, errorCount, items, bytes, elapsedMs, cpuMs, gcMs, waitedMs };
  return { ...sums, peakQueuedItems, peakRssBytes, memoryRatio };
}

function joined(a: ProfileSummary, b: ProfileSummary): ProfileSummary {
  const ratios = [a.memoryRatio, b.memoryRatio].filter((ratio) => ratio !== undefined);
  return {
    name: a.name,
    count: a.count + b.count,
    errorCount: a.errorCount + b.errorCount,
    items: a.items + b.items,
    bytes: a.bytes + b.bytes,
    elapsedMs: a.elapsedMs + b.elapsedMs,
    cpuMs: a.cpuMs + b.cpuMs,
    gcMs: a.gcMs + b.gcMs,
    waitedMs: a.waitedMs + b.waitedMs,
    peakQueuedItems: Math.max(a.peakQueuedItems, b.peakQueuedItems),
    peakRssBytes: Math.max(a.peakRssBytes, b.peakRssBytes),
    memoryRatio: ratios.length === 0 ? undefined : Math.max(...ratios),
  };
}
