import { COMMON_FIELDS } from './common-fields.ts';

/**
 * SQL that makes a view for each format, by its name: a row for each file, with what `files` has of it and the fields
 * that most files of the format have, as text. Understood by SQLite, DuckDB and PostgreSQL alike.
 */
export function* createViews(create: 'CREATE OR REPLACE VIEW' | 'CREATE VIEW IF NOT EXISTS'): Generator<string> {
  for (const [format, fields] of Object.entries(COMMON_FIELDS)) {
    const columns = Object.entries(fields).map(([column, path]) => `${fieldOf(path)} AS "${column}"`);
    yield `${create} "${format}" AS SELECT files.file AS file, files.size AS size, files.mtime AS mtime,
      files.status AS status, files.records AS records, ${columns.join()}
      FROM files LEFT JOIN records ON records.file = files.file AND records.kind = 'field'
      WHERE files.format = '${format}'
      GROUP BY files.file, files.size, files.mtime, files.status, files.records`;
  }
}

/** The value of the field of this path, whatever column it is in. */
function fieldOf(path: string): string {
  const value = 'coalesce("text", CAST("int" AS text), CAST("num" AS text), "json")';
  return `max(CASE WHEN "path" = '${path}' THEN ${value} END)`;
}
