import { TidegateError } from '../../errors.ts';
import { requirePeer } from '../../flow/peer.ts';
import type { Cell } from '../rows/row.ts';

/** What node:sqlite and better-sqlite3 have in common. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** A compiled statement; its parameters are given one by one. */
export interface SqliteStatement {
  run(...parameters: Cell[]): { readonly changes: number | bigint };
  get(...parameters: Cell[]): unknown;
}

type DatabaseClass = new (path: string) => SqliteDatabase;

/** Opens a database by `node:sqlite` (Node >= 22.13), else by the package better-sqlite3; else `ERR_MISSING_PEER`. */
export function openSqlite(path: string): SqliteDatabase {
  return new (databaseClass())(path);
}

function databaseClass(): DatabaseClass {
  const builtIn = process.getBuiltinModule('node:sqlite') as { DatabaseSync: DatabaseClass } | undefined;
  if (builtIn) return builtIn.DatabaseSync;
  try {
    return requirePeer<DatabaseClass>('better-sqlite3', '^12.11.1');
  } catch (error) {
    if (!(error instanceof TidegateError)) throw error;
    const message = `Cannot write SQLite: use Node 22.13 or later, or "npm install better-sqlite3@^12.11.1"`;
    throw new TidegateError('ERR_MISSING_PEER', message, { ...error.facts, cause: error });
  }
}
