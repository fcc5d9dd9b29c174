import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import type { Sink } from '../../src/flow/sink.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { toCsv } from '../../src/sinks/to-csv.ts';
import { toDuckDb } from '../../src/sinks/to-duckdb.ts';
import { toJsonLines } from '../../src/sinks/to-json-lines.ts';
import { toParquet } from '../../src/sinks/to-parquet.ts';
import { toPostgres } from '../../src/sinks/to-postgres.ts';
import { toSqlite } from '../../src/sinks/to-sqlite.ts';
import { NO_SQLITE, readSqlite, sqliteEngine } from '../support/sqlite.ts';

/** A record by the place that it has: its file and number. */
export type Seen = readonly [file: string, seq: number];

/**
 * A sink that goes on after a kill, and how to read what it has written. Engines are loaded by who reads: a run that is
 * to be killed should start fast.
 */
export interface KillTarget {
  /** Why it cannot be tried here. */
  readonly absent?: string | undefined;
  /** Its place is a database of the server. */
  readonly isOnServer?: true;
  open(place: string): Sink<ExtractionRecord>;
  read(place: string): Promise<Seen[]> | Seen[];
}

/** Small, so that files are set aside and commits are many. */
const OPTIONS = { resume: true, commitMs: 500, heldBytes: 2000 } as const;

const textOf = (path: string): string => {
  const bytes = readFileSync(path);
  if (path.endsWith('.gz')) return zlib.gunzipSync(bytes).toString();
  return path.endsWith('.zst') ? zstdText(bytes) : bytes.toString();
};

interface Zstd {
  zstdDecompressSync(bytes: Buffer, options: { info: true }): { buffer: Buffer; engine: { bytesWritten: number } };
}

/** Node stops at the end of the first frame. */
function zstdText(bytes: Buffer): string {
  let text = '';
  for (let offset = 0; offset < bytes.length; ) {
    const { buffer, engine } = (zlib as unknown as Zstd).zstdDecompressSync(bytes.subarray(offset), { info: true });
    text += buffer;
    offset += engine.bytesWritten;
  }
  return text;
}

const lines = (path: string, end: string): string[] => {
  const text = textOf(path);
  if (text !== '' && !text.endsWith(end)) throw new Error(`${path}: the last line is torn`);
  return text.split(end).slice(0, -1);
};

const jsonLines: KillTarget = {
  open: (path) => toJsonLines(path, OPTIONS),
  read: (path) =>
    lines(path, '\n').map((line) => {
      const { file, seq } = JSON.parse(line) as ExtractionRecord;
      return [file, seq];
    }),
};

/** The sinks, by the ending of what they write. */
export const KILL_TARGETS: Readonly<Record<string, KillTarget>> = {
  '.ndjson': jsonLines,
  '.ndjson.gz': jsonLines,
  '.ndjson.zst': { ...jsonLines, absent: 'createZstdCompress' in zlib ? undefined : 'this Node has no zstd' },
  '.csv': {
    open: (path) => toCsv(path, OPTIONS),
    read: (path) => {
      const [head, ...rows] = lines(path, '\r\n').map((line) =>
        `${line},`.match(/("([^"]|"")*"|[^",]*),/g)!.map((cell) => cell.slice(0, -1)),
      );
      if (head!.join() !== HEAD || rows.some((row) => row.length !== head!.length)) throw new Error('a row is torn');
      return rows.map(([file, , seq]) => [file!, Number(seq)]);
    },
  },
  '.parquet': { open: (path) => toParquet(path, OPTIONS), read: readParts },
  'parquet by DuckDB': { open: (path) => toParquet(path, { ...OPTIONS, engine: 'duckdb' }), read: readParts },
  '.sqlite': {
    absent: sqliteEngine ? undefined : NO_SQLITE,
    open: (path) => toSqlite(path, OPTIONS),
    read: (path) => {
      if (!existsSync(path)) return [];
      const rows = readSqlite<{ file: string; seq: bigint }>(path, 'SELECT file, seq FROM records');
      return rows.map(({ file, seq }) => [file, Number(seq)]);
    },
  },
  '.duckdb': {
    open: (path) => toDuckDb(path, OPTIONS),
    read: async (path) => {
      const { DuckDBInstance } = await import('@duckdb/node-api');
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      const reader = await connection.runAndReadAll('SELECT file, seq FROM records ORDER BY file, seq');
      const rows = reader.getRows();
      connection.closeSync();
      instance.closeSync();
      return rows.map(([file, seq]) => [file as string, Number(seq)]);
    },
  },
  postgres: {
    isOnServer: true,
    open: (url) => toPostgres(url, OPTIONS),
    read: async (url) => {
      const { query } = await import('../support/postgres.ts');
      const rows = await query<{ file: string; seq: string }>(url, 'SELECT file, seq FROM records ORDER BY file, seq');
      return rows.map(({ file, seq }) => [file, Number(seq)]);
    },
  },
};

async function readParts(folder: string): Promise<Seen[]> {
  const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
  const seen: Seen[] = [];
  for (const name of readdirSync(folder)) {
    const file = await asyncBufferFromFile(join(folder, name));
    const rows = (await parquetReadObjects({ file, columns: ['file', 'seq'] })) as { file: string; seq: bigint }[];
    for (const row of rows) seen.push([row.file, Number(row.seq)]);
  }
  return seen;
}

const HEAD = 'file,format,seq,kind,path,key,name,dtype,text,num,int,json,unit,comment,offset,length';
