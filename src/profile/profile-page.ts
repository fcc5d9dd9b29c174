import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { TidegateError } from '../errors.ts';
import { formatBytes } from '../units.ts';
import { chartsOf } from './page-charts.ts';
import { pageScript } from './page-script.ts';
import type { Profile } from './profile.ts';
import type { ProfileLog, ProfileSummary } from './profile-log.ts';
import type { TimelineReport } from './timeline.ts';

/** What one file cost. */
export interface FileProfile {
  readonly path: string;
  readonly profile: Profile;
}

/** What {@link profilePage} shows. */
export interface ProfilePageContents {
  readonly title: string;
  readonly timeline: TimelineReport;
  readonly log: ProfileLog;
  /** A table of its own, in this order. @defaultValue none */
  readonly files?: readonly FileProfile[] | undefined;
}

const RANGE = '^1.6.32';

/**
 * One HTML page that needs nothing else: memory over time with the collections in it, throughput and waits of each
 * stage, and the profiles as tables. `ERR_MISSING_PEER` without the package uplot, whose drawings are in the page.
 *
 * @example
 * ```ts
 * const timeline = new Timeline();
 * timeline.start();
 * const log = await profileFiles(['a.dcm', 'b.fits'], { timeline });
 * await writeFile('report.html', profilePage({ title: 'two files', timeline: timeline.stop(), log }));
 * ```
 */
export function profilePage(contents: ProfilePageContents): string {
  const { title, timeline, log, files = [] } = contents;
  const { script, style } = plotter();
  const summaries = [...log.profiles(), log.overall()].map((summary) => summaryCells(summary));
  const fileRows = files.map(({ path, profile }) => fileCells(path, profile));
  const parts = [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>`,
    `<style>${style}\n${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    table(SUMMARY_HEADINGS, summaries),
    '<div id="charts"></div>',
    '<p class="note">Red lines in the drawing of memory are collections of the whole heap, grey ticks at its foot those of young objects.</p>',
    fileRows.length > 0 ? `<h2>Files</h2>${table(FILE_HEADINGS, fileRows)}` : '',
    // In a script element only this could end it.
    `<script type="application/json" id="timeline">${JSON.stringify(chartsOf(timeline)).replaceAll('<', '\\u003c')}</script>`,
    `<script>${script}</script>`,
    `<script>${pageScript()}</script>`,
    '</body></html>',
  ];
  return `${parts.join('\n')}\n`;
}

function plotter(): { readonly script: string; readonly style: string } {
  try {
    const folder = createRequire(import.meta.url).resolve('uplot/package.json');
    const read = (name: string) => readFileSync(folder.replace('package.json', `dist/${name}`), 'utf8');
    return { script: read('uPlot.iife.min.js').replaceAll('</', '<\\/'), style: read('uPlot.min.css') };
  } catch (cause) {
    const message = `Cannot find the optional package uplot: install it with "npm install uplot@${RANGE}"`;
    throw new TidegateError('ERR_MISSING_PEER', message, { package: 'uplot', range: RANGE, cause });
  }
}

const STYLE = `body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1e293b; }
h1 { font-size: 1.35rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.6rem; text-align: right; border-bottom: 1px solid #e2e8f0; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
th { color: #64748b; font-weight: 600; }
section { margin-top: 1.5rem; } .note { color: #64748b; }`;

const SUMMARY_HEADINGS = ['name', 'runs', 'errors', 'items', 'bytes', 'time', 'CPU', 'GC', 'waited', 'peak', 'ratio'];
const FILE_HEADINGS = ['file', 'format', 'end', 'items', 'bytes', 'time', 'CPU', 'GC', 'peak', 'ratio'];

function summaryCells(each: ProfileSummary): string[] {
  const counts = [each.count, each.errorCount, each.items].map(String);
  const times = [each.elapsedMs, each.cpuMs, each.gcMs, each.waitedMs].map(time);
  return [each.name, ...counts, formatBytes(each.bytes), ...times, formatBytes(each.peakRssBytes), ratio(each)];
}

function fileCells(path: string, profile: Profile): string[] {
  const gcMs = Object.values(profile.gc).reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  const times = [profile.elapsedMs, profile.cpuMs, gcMs].map(time);
  const what = [path, profile.name, profile.end, String(profile.items), formatBytes(profile.bytes)];
  return [...what, ...times, formatBytes(profile.peakRssBytes), ratio(profile)];
}

function time(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function ratio({ memoryRatio }: { readonly memoryRatio: number | undefined }): string {
  return memoryRatio === undefined ? '–' : memoryRatio.toFixed(2);
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string) =>
    row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `<table><thead><tr>${cells(headings, 'th')}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text, whoever made it, as text of an HTML page. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
