import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { postgresDatabase, stopPostgres } from '../support/postgres.ts';
import { FILES, RECORDS } from './kill-run.ts';
import { KILL_TARGETS, type Seen } from './kill-targets.ts';

const SCRIPT = fileURLToPath(new URL('./kill-run.js', import.meta.url));
/** A life that lasts longer has not been killed, it hangs. */
const DEADLINE_MS = 60_000;

interface Life {
  readonly isKilled: boolean;
  /** Files that were committed when it ended. */
  readonly committed: number;
  /** Files that it did not have to write; of a life that came to its end. */
  readonly known: number;
  readonly elapsedMs: number;
}

/** A run that is killed so many milliseconds after its start, if it has not ended by then. */
async function live(target: string, place: string, killMs: number): Promise<Life> {
  const child = spawn(process.execPath, [SCRIPT, target, place], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, startedAt] = ['', '', 0];
  child.stderr.on('data', (text) => void (stderr += text));
  child.stdout.on('data', (text) => {
    stdout += text;
    if (startedAt > 0 || !stdout.includes('started')) return;
    startedAt = performance.now();
    setTimeout(() => child.kill('SIGKILL'), killMs);
  });
  const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const [code, signal] = await once(child, 'close');
  clearTimeout(deadline);
  if (startedAt === 0 || (signal === null && code !== 0)) throw new Error(`${target}: ${code} ${signal} ${stderr}`);
  const last = (word: string) => Number([...stdout.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  const elapsedMs = performance.now() - startedAt;
  return { isKilled: signal !== null, committed: last('committed'), known: last('known'), elapsedMs };
}

/** In memory, if there is such a folder: a kill loses nothing of the page cache, and fsync costs nothing there. */
function killFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tidegate-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every record of every file, once. */
function checkWhole(t: ExecutionContext, seen: readonly Seen[]): void {
  const files = new Map<string, number[]>();
  for (const [file, seq] of seen) files.set(file, [...(files.get(file) ?? []), seq]);
  const expected = Array.from({ length: RECORDS }, (_, seq) => seq).join();
  const wrong = [...files].filter(([, seqs]) => seqs.join() !== expected);
  t.deepEqual([files.size, wrong], [FILES, []]);
}

test.after.always(stopPostgres);

for (const [target, { absent, isOnServer, read }] of Object.entries(KILL_TARGETS)) {
  // DuckDB takes its time to start: all of its kills only where there is time for all.
  const most = { '.duckdb': 20, 'parquet by DuckDB': 5 }[target] ?? 50;
  const kills = { ci: most, all: 50 }[process.env.TIDEGATE_TEST_RUNS ?? ''] ?? 2;
  test(`${kills} SIGKILLs during runs of ${FILES} files into ${target}: nothing lost, twice or torn`, async (t) => {
    if (absent !== undefined) {
      t.log(`not tested: ${absent}`);
      return t.pass();
    }
    t.timeout(900_000);
    const folder = killFolder(t);
    const newPlace = async (name: string) => (isOnServer ? await postgresDatabase(t) : join(folder, name + target));
    const first = await newPlace('first');
    if (first === undefined) return;
    // The first life is not killed, and tells how long one lasts.
    const { elapsedMs } = await live(target, first, DEADLINE_MS);
    let [killed, outputs, committed] = [0, 0, 0];
    let place = (await newPlace('0'))!;
    while (killed < kills || committed > 0) {
      const leftMs = elapsedMs * (1.1 - committed / FILES);
      const life = await live(target, place, killed < kills ? Math.random() * leftMs : DEADLINE_MS);
      // What was committed before is never asked for again.
      t.true(life.isKilled || life.known >= committed, `${life.known} known of ${committed}`);
      committed = life.isKilled ? Math.max(committed, life.committed) : 0;
      killed += life.isKilled ? 1 : 0;
      if (life.isKilled) continue;
      checkWhole(t, await read(place));
      outputs++;
      place = (await newPlace(`${outputs}`))!;
    }
    t.log(`${killed} kills, ${outputs} outputs, ${elapsedMs.toFixed(0)} ms a run`);
  });
}
