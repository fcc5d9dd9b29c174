import { basename, extname } from 'node:path';
import { UsageError } from './usage-error.ts';

/** What a run writes. */
export type OutputKind = 'ndjson' | 'csv' | 'parquet' | 'sqlite' | 'duckdb' | 'postgres';

const ENDINGS: Readonly<Record<string, OutputKind>> = {
  '': 'ndjson',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.gz': 'ndjson',
  '.ndjson.gz': 'ndjson',
  '.jsonl.gz': 'ndjson',
  '.ndjson.zst': 'ndjson',
  '.jsonl.zst': 'ndjson',
  '.csv': 'csv',
  '.csv.gz': 'csv',
  '.csv.zst': 'csv',
  '.parquet': 'parquet',
  '.sqlite': 'sqlite',
  '.duckdb': 'duckdb',
};

/** What the name of the output asks for; JSON lines on standard output, and if the name has no ending. */
export function outputKind(to: string | undefined): OutputKind {
  if (to !== undefined && /^postgres(ql)?:/.test(to)) return 'postgres';
  const ending = to === undefined ? '' : endingOf(basename(to).toLowerCase());
  const kind = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
  if (kind !== undefined) return kind;
  const known = Object.keys(ENDINGS).filter((known) => known !== '' && known !== '.gz');
  const others = `a name without an ending, or a URL postgres://...`;
  throw new UsageError(`--to cannot write '${ending}': use ${known.join(', ')}, ${others}`);
}

function endingOf(name: string): string {
  const last = extname(name);
  return last === '.gz' || last === '.zst' ? extname(name.slice(0, -last.length)) + last : last;
}
