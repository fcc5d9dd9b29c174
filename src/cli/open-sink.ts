import type { Piece } from '../batch/piece.ts';
import type { Sink } from '../flow/sink.ts';
import type { ExtractionRecord } from '../records.ts';
import { openTarget } from '../sinks/destination.ts';
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

/**
 * `sink` for a run with worker threads, which hand on lines of JSON. Those go into a file as they are; where something
 * else is wanted, or whole files, they are read again.
 */
export function pieceSink(sink: Sink<ExtractionRecord>, { kind, resume, to }: ExtractSettings): Sink<Piece> {
  if (kind === 'ndjson' && !resume) return pieceBytes(to);
  return {
    start: (context) => sink.start?.(context),
    write: async (pieces) => {
      for (const piece of pieces) {
        await sink.write(recordsOf(piece.bytes));
        piece.release();
      }
    },
    close: () => sink.close?.(),
    abort: (reason) => sink.abort?.(reason),
    get bufferedBytes() {
      return sink.bufferedBytes ?? 0;
    },
  };
}

function pieceBytes(to: string | undefined): Sink<Piece> {
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

/** The records of whole lines. */
function recordsOf(lines: Uint8Array): ExtractionRecord[] {
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString();
  const records: ExtractionRecord[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    records.push(JSON.parse(text.slice(start, end)));
    start = end + 1;
  }
  return records;
}
