import type { StageCounts, TimelineReport, TimelineSample } from './timeline.ts';

/** What one drawing of the page shows. */
export interface Chart {
  readonly title: string;
  /** How values are written. */
  readonly unit: 'bytes' | 'bytes/s' | '/s' | '%';
  /** One line each, with a value for each of `seconds`. */
  readonly lines: readonly Line[];
  /** Collections are drawn into it. */
  readonly hasMarks: boolean;
}

interface Line {
  readonly label: string;
  readonly values: readonly number[];
  /** Which of the colours it has: the same stage has the same everywhere. */
  readonly colour: number;
}

/** Everything that the script of the page draws. */
export interface ChartPage {
  readonly seconds: readonly number[];
  readonly charts: readonly Chart[];
  readonly marks: readonly { readonly atSeconds: number; readonly elapsedMs: number; readonly isMajor: boolean }[];
}

/** What a timeline comes to as drawings: memory, throughput in bytes and in items, waits. */
export function chartsOf({ stages, samples, collections }: TimelineReport): ChartPage {
  const memory = (colour: number, label: string, of: (sample: TimelineSample) => number): Line => {
    return { label, colour, values: samples.map(of) };
  };
  const rates = (of: keyof StageCounts, factor: number) =>
    stages
      .map((label, stage): Line => ({ label, colour: stage, values: rateOf(samples, stage, of, factor) }))
      .filter(({ values }) => of !== 'bytes' || values.some((value) => value > 0));
  const charts: Chart[] = [
    {
      title: 'Memory',
      unit: 'bytes',
      hasMarks: true,
      lines: [
        memory(0, 'RSS', ({ rssBytes }) => rssBytes),
        memory(1, 'heap in use', ({ heapUsedBytes }) => heapUsedBytes),
        memory(2, 'outside of the heap', ({ externalBytes }) => externalBytes),
      ],
    },
    { title: 'Throughput in bytes', unit: 'bytes/s', hasMarks: false, lines: rates('bytes', 1000) },
    { title: 'Throughput in items', unit: '/s', hasMarks: false, lines: rates('items', 1000) },
    { title: 'Waiting', unit: '%', hasMarks: false, lines: rates('waitedMs', 100) },
  ];
  const marks = collections.map(({ atMs, elapsedMs, kind }) => ({
    atSeconds: atMs / 1000,
    elapsedMs: Math.round(elapsedMs * 100) / 100,
    isMajor: kind !== 'minor',
  }));
  return { seconds: samples.map(({ atMs }) => atMs / 1000), charts: charts.filter(({ lines }) => lines.length), marks };
}

/** What a count grew by between two samples, over the time between them. */
function rateOf(samples: readonly TimelineSample[], stage: number, of: keyof StageCounts, factor: number): number[] {
  return samples.map((sample, index) => {
    const before = samples[index - 1];
    if (before === undefined) return 0;
    const grown = (sample.counts[stage]?.[of] ?? 0) - (before.counts[stage]?.[of] ?? 0);
    const elapsedMs = Math.max(sample.atMs - before.atMs, 1e-3);
    return Math.max(0, Math.round((100 * factor * grown) / elapsedMs) / 100);
  });
}
