import { createRequire } from 'node:module';

interface Statement {
  all(): Record<string, unknown>[];
  setReadBigInts?(on: boolean): void;
  safeIntegers?(on: boolean): void;
}
/** What both engines have in common. */
export type SqliteEngine = new (
  path: string,
) => { prepare(sql: string): Statement; exec(sql: string): void; close(): void };

/** The engine that is here: `node:sqlite`, else better-sqlite3 where it is installed: as the sink does. `undefined` without both. */
export const sqliteEngine: SqliteEngine | undefined = findEngine();

/** What to say where there is none. */
export const NO_SQLITE: string = `Node ${process.versions.node} has no node:sqlite, and better-sqlite3 is not installed`;

function findEngine(): SqliteEngine | undefined {
  const builtIn = process.getBuiltinModule('node:sqlite') as { DatabaseSync: SqliteEngine } | undefined;
  if (builtIn) return builtIn.DatabaseSync;
  try {
    return createRequire(import.meta.url)('better-sqlite3') as SqliteEngine;
  } catch {
    return undefined;
  }
}

/** The rows of a query; integers are bigints. */
export function readSqlite<R>(path: string, sql: string): R[] {
  const database = new sqliteEngine!(path);
  const statement = database.prepare(sql);
  statement.setReadBigInts?.(true);
  statement.safeIntegers?.(true);
  const rows = statement.all();
  database.close();
  return rows as R[];
}
