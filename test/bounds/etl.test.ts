import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { parquetMetadataAsync } from 'hyparquet';
import { lastValueFrom, toArray } from 'rxjs';
import { extract } from '../../src/sources/extract.ts';
import { MiB } from '../../src/units.ts';
import { peakRssBytes, start } from '../cli/run.ts';
import { peakRssOf } from '../support/peak-rss.ts';
import { postgresDatabase, query, stopPostgres } from '../support/postgres.ts';
import { tempFolder } from '../support/temp.ts';
import { type ArchiveSize, makeArchive } from './archive.ts';

test.after.always(stopPostgres);

/** By TIDEGATE_TEST_RUNS. The whole archive takes minutes: it is for who changes what it tests. */
const SIZES: Readonly<Record<string, ArchiveSize>> = {
  ci: { small: 20_000, large: 20 },
  all: { small: 100_000, large: 20 },
};
const SIZE: ArchiveSize = SIZES[process.env.TIDEGATE_TEST_RUNS ?? ''] ?? { small: 1000, large: 2 };
const FILES = SIZE.small + SIZE.large;
const MEMORY_MIB = 128;

/** Runs the command to its end, and gives its peak over a bare Node. */
async function aboveBareBytes(t: ExecutionContext, args: readonly string[]): Promise<number> {
  const child = start(['extract', '--memory', `${MEMORY_MIB}MiB`, ...args]);
  const deadline = setTimeout(() => child.kill('SIGKILL'), 30 * 60_000);
  t.teardown(() => void child.kill('SIGKILL'));
  const complaints: Buffer[] = [];
  child.stderr.on('data', (piece) => void complaints.push(piece));
  let peakBytes = 0;
  for (const closed = once(child, 'close'); child.exitCode === null && child.signalCode === null; ) {
    peakBytes = Math.max(peakBytes, peakRssBytes(child.pid!));
    await Promise.race([closed, sleep(20)]);
  }
  clearTimeout(deadline);
  t.is(child.exitCode, 0, `${Buffer.concat(complaints)}`);
  const bare = await peakRssOf('');
  return peakBytes - (bare.peakRssBytes - bare.aboveBareBytes);
}

/** Records of the whole archive. */
async function recordCount(folder: string): Promise<number> {
  const countOf = async (file: string) => (await lastValueFrom(extract(join(folder, file)).pipe(toArray()))).length;
  return SIZE.small * (await countOf('small/0/0.dcm')) + SIZE.large * (await countOf('large/0.dcm'));
}

async function parquetRows(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { size: byteLength } = await file.stat();
    const slice = async (from: number, to = byteLength) => {
      const bytes = new Uint8Array(to - from);
      await file.read(bytes, 0, bytes.length, from);
      return bytes.buffer;
    };
    return Number((await parquetMetadataAsync({ byteLength, slice })).num_rows);
  } finally {
    await file.close();
  }
}

const title = `${SIZE.small} small files and ${SIZE.large} of 1 GiB, within ${MEMORY_MIB} MiB over bare Node`;

test.serial(`Parquet: ${title}`, async (t) => {
  if (!existsSync('/proc/self/status')) return t.pass('this system does not tell the peak of a process');
  const folder = tempFolder(t);
  makeArchive(folder, SIZE);
  const to = join(tempFolder(t), 'out.parquet');
  const peakBytes = await aboveBareBytes(t, [folder, '--to', to]);
  t.log(`${(peakBytes / MiB).toFixed(1)} MiB over bare Node`);
  t.is(await parquetRows(to), await recordCount(folder));
  t.true(peakBytes <= MEMORY_MIB * MiB, `${(peakBytes / MiB).toFixed(1)} MiB`);
});

test.serial(`PostgreSQL: ${title}`, async (t) => {
  if (!existsSync('/proc/self/status')) return t.pass('this system does not tell the peak of a process');
  const url = await postgresDatabase(t);
  if (url === undefined) return;
  const folder = tempFolder(t);
  makeArchive(folder, SIZE);
  const peakBytes = await aboveBareBytes(t, [folder, '--to', url]);
  t.log(`${(peakBytes / MiB).toFixed(1)} MiB over bare Node`);
  const [records] = await query<{ count: string }>(url, 'SELECT count(*) FROM records');
  t.is(Number(records!.count), await recordCount(folder));
  const files = await query<{ status: string; count: string }>(
    url,
    'SELECT status, count(*) FROM files GROUP BY status',
  );
  t.deepEqual(files, [{ status: 'ok', count: String(FILES) }]);
  t.true(peakBytes <= MEMORY_MIB * MiB, `${(peakBytes / MiB).toFixed(1)} MiB`);
});
