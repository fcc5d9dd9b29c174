import { closeSync, mkdtempSync, openSync, rmSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Sink } from '../src/flow/sink.ts';
import { drivenSink } from '../src/flow/unit-sink.ts';
import type { ExtractionRecord } from '../src/records.ts';
import { toCsv } from '../src/sinks/to-csv.ts';
import { toDuckDb } from '../src/sinks/to-duckdb.ts';
import { toJsonLines } from '../src/sinks/to-json-lines.ts';
import { toParquet } from '../src/sinks/to-parquet.ts';
import { toPostgres } from '../src/sinks/to-postgres.ts';
import { toSqlite } from '../src/sinks/to-sqlite.ts';
import { MiB } from '../src/units.ts';
import { peakRss } from '../test/support/peak-rss.ts';
import { postgres, query, stopPostgres } from '../test/support/postgres.ts';
import { contest, printOutcomes } from './support/contest.ts';

// CPU of each sink for the same records, in batches of 1,000: toJsonLines against JSON.stringify and fs.write by hand,
// the others against toJsonLines. Then peak memory for a fifth of the records and for all.
const COUNT = 1_000_000;
const ROUNDS = 3;
const BATCH = 1000;

type Run = (path: string, batches: Iterable<ExtractionRecord[]>) => Promise<void>;

const RUNS: Record<string, Run> = {
  'JSON.stringify and fs.write': async (path, batches) => {
    const fd = openSync(path, 'w');
    for (const batch of batches) {
      let text = '';
      for (const record of batch) text += `${JSON.stringify(record)}\n`;
      await promisify(write)(fd, text);
    }
    closeSync(fd);
  },
  toJsonLines: (path, batches) => feed(toJsonLines(path), batches),
  'toJsonLines, gzip': (path, batches) => feed(toJsonLines(path, { gzip: true }), batches),
  'toJsonLines, gzip 6': (path, batches) => feed(toJsonLines(path, { gzip: 6 }), batches),
  toCsv: (path, batches) => feed(toCsv(path), batches),
  toParquet: (path, batches) => feed(toParquet(path, { engine: 'hyparquet' }), batches),
  'toParquet by DuckDB': (path, batches) => feed(toParquet(path, { engine: 'duckdb' }), batches),
  toSqlite: (path, batches) => {
    // What is there already would be replaced, file by file.
    rmSync(path, { force: true });
    return feed(toSqlite(path), batches);
  },
  toDuckDb: (path, batches) => {
    rmSync(path, { force: true });
    return feed(toDuckDb(path), batches);
  },
  'toPostgres, the client': async (_path, batches) => {
    await query(serverUrl!, 'DROP TABLE IF EXISTS records, files, units CASCADE');
    await feed(toPostgres(serverUrl!), batches);
  },
  'the records alone': async (_path, batches) => {
    for (const _ of batches);
  },
};

async function feed(target: Sink<ExtractionRecord>, batches: Iterable<ExtractionRecord[]>): Promise<void> {
  const sink = drivenSink(target);
  await sink.start!({ signal: new AbortController().signal });
  for (const batch of batches) await sink.write(batch);
  await sink.close!();
}

function* makeBatches(count: number): Generator<ExtractionRecord[]> {
  for (let start = 0; start < count; start += BATCH) {
    yield Array.from({ length: BATCH }, (_, i) => makeRecord(start + i));
  }
}

function makeRecord(i: number): ExtractionRecord {
  const seq = i % 250;
  const value = seq % 5 === 0 ? [seq * 0.5, 1.25, i] : seq % 3 === 0 ? i * 1.5 : `1.2.840.113619.2.55.3.6046.${i}`;
  const file = `archive/patient-${(i / 25_000) | 0}/series/image-${(i / 250) | 0}.dcm`;
  if (seq === 0) return { file, format: 'dicom', seq, kind: 'file', size: 35_000, mediaType: 'application/dicom' };
  if (seq === 249) {
    return { file, format: 'dicom', seq, kind: 'end', status: 'ok', records: 250, bytesRead: 35_000, elapsedMs: 1.25 };
  }
  const path = `00081115[${seq & 7}]/0020000E`;
  const place = { offset: 1000 + seq * 70, length: 64 };
  const names = { path, key: '0020000E', name: 'SeriesInstanceUID', dtype: 'UI' };
  return { file, format: 'dicom', seq, kind: 'field', ...names, value, ...place };
}

const serverUrl = process.env.TIDEGATE_BENCH_PG_URL;
/** A contestant and its path, or only what names match: `node build/bench/sinks.js '' DuckDB`. */
const [wanted, path, count = `${COUNT}`] = process.argv.slice(2);
const self = new URL(import.meta.url);

function compare(title: string, names: readonly string[], folder: string): void {
  const contestants = names.map((name) => ({
    name,
    command: [process.execPath, fileURLToPath(self), name, join(folder, name)],
  }));
  printOutcomes(title, contest(contestants, ROUNDS));
}

/** V8's own limit on Node 20, for each half of the new generation. */
const YOUNG = '--max-semi-space-size=16';

/** Peaks for a fifth of the records and for all, in a Node with these flags. */
async function peaksOf(name: string, folder: string, flags: string): Promise<number[]> {
  process.env.NODE_OPTIONS = flags;
  const peaks = [];
  for (const size of [COUNT / 5, COUNT]) {
    const use = await peakRss(self, [name, join(folder, `${name}-${size}`), `${size}`]).catch(() => undefined);
    if (use) peaks.push(use.aboveBareBytes / MiB);
  }
  process.env.NODE_OPTIONS = '';
  return peaks;
}

/** The records alone show what V8 takes without any sink: on Node 24 its new generation grows from run to run. */
async function printMemory(names: readonly string[], folder: string): Promise<void> {
  console.log(`\nPeak memory over bare Node, MiB: ${COUNT / 5} and ${COUNT} records, growth; the same with ${YOUNG}`);
  for (const name of names) {
    const columns = [];
    for (const flags of ['', YOUNG]) {
      const [some, all] = await peaksOf(name, folder, flags);
      columns.push(...(all === undefined ? ['absent'] : [some!, all, all - some!].map((peak) => peak.toFixed(0))));
    }
    console.log(`  ${name.padEnd(44)} ${columns.map((text) => text.padStart(6)).join(' ')}`);
  }
}

if (wanted) {
  await RUNS[wanted]!(path!, makeBatches(Number(count)));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  const [byHand, ...names] = Object.keys(RUNS);
  const chosen = names.filter((name) => name.includes(path ?? ''));
  const sinks = chosen.filter((name) => !['toJsonLines', 'the records alone'].includes(name));
  console.log(`Node ${process.versions.node}`);
  const server = await postgres();
  if (server instanceof Error) console.log(`no PostgreSQL: ${server.message}`);
  else process.env.TIDEGATE_BENCH_PG_URL = await server.newDatabase();
  compare(`${COUNT} records into a file`, [byHand!, 'toJsonLines', 'the records alone'], folder);
  compare(`${COUNT} records into a file`, ['toJsonLines', ...sinks], folder);
  await printMemory(chosen, folder);
  rmSync(folder, { recursive: true });
  await stopPostgres();
}
