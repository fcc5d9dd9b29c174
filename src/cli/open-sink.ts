import type { Piece } from '../batch/lanes/piece.ts';
import type { Sink } from '../flow/sink.ts';
import type { ExtractionRecord } from '../records.ts';
import { openTarget } from '../sinks/targets/destination.ts';
import { toCsv } from '../sinks/to-csv.ts';
import { toDuckDb } from '../sinks/to-duckdb.ts';
import { toJsonLines } from '../sinks/to-json-lines.ts';
import { toParquet } from '../sinks/to-parquet.ts';
import { toPostgres } from '../sinks/to-postgres.ts';
import { toSqlite } from '../sinks/to-sqlite.ts';
import type { ExtractSettings } from './extract-settings.ts';

/** The sink that the settings ask for. */
export function openSink({ to, kind, memoryBytes, resume }: ExtractSettings): Sink<ExtractionRecord> {
  const options = { resume, heldBytes: Math.floor(memoryBytes / 32) };
  if (to === undefined || kind === 'ndjson') return toJsonLines(to ?? process.stdout, options);
  if (kind === 'csv') return toCsv(to, options);
  if (kind === 'sqlite') return toSqlite(to, options);
  if (kind === 'duckdb') return toDuckDb(to, options);
  if (kind === 'postgres') return toPostgres(to, options);
  // Values and encoded pages of a row group take many times its bytes.
  return toParquet(to, { ...options, rowGroupBytes: Math.floor(memoryBytes / 64) });
}

/** The lines of worker threads as they are. */
export function openPieceSink({ to }: ExtractSettings): Sink<Piece> {
  const target = openTarget(to ?? process.stdout, {});
  return {
    start: ({ signal }) => target.start(signal),
    write: async (pieces) => {
      for (const piece of pieces) {
        await target.write(piece.bytes);
        piece.release();
      }
    },
    close: () => target.close(),
    abort: (reason) => target.abort(reason),
  };
}
