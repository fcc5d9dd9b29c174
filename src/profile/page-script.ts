import type { Chart, ChartPage } from './page-charts.ts';

// What of the browser the script needs; the library of the DOM is for browsers, and this runs in Node but for one function.
interface Canvas {
  strokeStyle: string;
  lineWidth: number;
  save(): void;
  restore(): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  stroke(): void;
}
interface Plot {
  readonly ctx: Canvas;
  readonly bbox: { readonly top: number; readonly height: number };
  valToPos(value: number, scale: string, isCanvas: boolean): number;
  setSize(size: { readonly width: number; readonly height: number }): void;
}
interface Place {
  textContent: string;
  readonly clientWidth: number;
  append(child: Place): void;
}
interface Browser {
  readonly document: { createElement(name: string): Place; getElementById(id: string): Place };
  addEventListener(name: string, listener: () => void): void;
  readonly uPlot: new (options: object, values: readonly (readonly number[])[], place: Place) => Plot;
}

interface Options {
  readonly chart: Chart;
  readonly page: ChartPage;
  readonly width: number;
}

// The functions below are written into the page as text: they use each other, and nothing else from outside.

function scaled(value: number, base: number, units: readonly string[]): string {
  let power = 0;
  let rest = value;
  for (; rest >= base && power < units.length - 1; power++) rest /= base;
  return `${rest >= 100 || power === 0 ? Math.round(rest) : rest.toFixed(1)}${units[power]}`;
}

function written(unit: Chart['unit'], value: number | null): string {
  if (value === null) return '';
  if (unit === '%') return `${Math.round(value)} %`;
  if (unit === '/s') return `${scaled(value, 1000, ['', 'k', 'M', 'G'])}/s`;
  return scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']) + (unit === 'bytes/s' ? '/s' : '');
}

/** A full line for a collection of everything, a tick at the foot for a small one. */
function drawMarks({ ctx, bbox, valToPos }: Plot, { marks }: ChartPage): void {
  ctx.save();
  for (const { atSeconds, isMajor } of marks) {
    const x = Math.round(valToPos(atSeconds, 'x', true)) + 0.5;
    ctx.strokeStyle = isMajor ? 'rgba(220, 38, 38, 0.55)' : 'rgba(100, 116, 139, 0.6)';
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top + (isMajor ? 0 : bbox.height * 0.93));
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function plotOptions({ chart, page, width }: Options): object {
  const { title, unit, lines, hasMarks } = chart;
  const colours = ['#2563eb', '#d97706', '#059669', '#9333ea', '#dc2626', '#0891b2', '#65a30d', '#db2777'];
  const write = (_: Plot, value: number | null) => written(unit, value);
  const series = lines.map(({ label, colour }) => {
    const stroke = colours[colour % colours.length];
    return { label, stroke, width: 1.5, points: { show: page.seconds.length < 3 }, value: write };
  });
  // Bytes are counted in powers of two, and so are the lines behind them.
  const incrs = unit.startsWith('bytes') ? Array.from({ length: 50 }, (_, power) => 2 ** power) : undefined;
  return {
    title,
    width,
    height: 240,
    cursor: { sync: { key: 'tidegate' } },
    scales: {
      x: { time: false },
      y: { range: (_: Plot, __: number, most: number) => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: [
      { values: (_: Plot, ticks: number[]) => ticks.map((tick) => `${tick} s`) },
      { size: 78, incrs, values: (_: Plot, ticks: number[]) => ticks.map((tick) => written(unit, tick)) },
    ],
    series: [{ label: 'time', value: (_: Plot, at: number | null) => `${at?.toFixed(2) ?? '-'} s` }, ...series],
    hooks: hasMarks ? { draw: [(plot: Plot) => drawMarks(plot, page)] } : {},
  };
}

function drawCharts({ document, uPlot, addEventListener }: Browser): void {
  const page = JSON.parse(document.getElementById('timeline').textContent) as ChartPage;
  const root = document.getElementById('charts');
  const plots = page.charts.map((chart) => {
    const place = document.createElement('section');
    root.append(place);
    const values = chart.lines.map((line) => line.values);
    return new uPlot(plotOptions({ chart, page, width: root.clientWidth }), [page.seconds, ...values], place);
  });
  addEventListener('resize', () => {
    for (const plot of plots) plot.setSize({ width: root.clientWidth, height: 240 });
  });
}

/** Draws the charts of the element `timeline` into the element `charts`, in a browser that has uPlot. */
export function pageScript(): string {
  const functions = [scaled, written, drawMarks, plotOptions, drawCharts];
  return `${functions.map(String).join('\n')}\ndrawCharts({ document, uPlot, addEventListener });`;
}
