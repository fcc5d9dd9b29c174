import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { formatBytes, parseBytes } from '../src/units.ts';
import { makeArchive } from '../test/bounds/archive.ts';
import { peakRssBytes } from '../test/cli/run.ts';
import { postgres, stopPostgres } from '../test/support/postgres.ts';

// What an archive of many small files and some of 1 GiB takes, in memory and CPU, into each kind of output. Linux only.
// `node build/bench/etl.js [small files] [files of 1 GiB] [memory]`
const [small = '100000', large = '20', memory = '128MiB'] = process.argv.slice(2);
const OUTPUTS = ['out.ndjson', 'out.ndjson.gz', 'out.csv', 'out.parquet', 'out.sqlite', 'out.duckdb'];
const bin = fileURLToPath(new URL('../src/cli/bin.js', import.meta.url));

interface Use {
  readonly peakBytes: number;
  readonly cpuSeconds: number;
}

/** `undefined` if it failed: an engine may be absent. The kernel's marks, looked at until the process is gone: what the last 20 ms add is missed. */
async function watch(args: readonly string[]): Promise<Use | undefined> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let [peakBytes, cpuSeconds] = [0, 0];
  for (const closed = once(child, 'close'); child.exitCode === null && child.signalCode === null; ) {
    peakBytes = Math.max(peakBytes, peakRssBytes(child.pid!));
    cpuSeconds = Math.max(cpuSeconds, cpuOf(child.pid!));
    await Promise.race([closed, sleep(20)]);
  }
  return child.exitCode === 0 ? { peakBytes, cpuSeconds } : undefined;
}

/** utime and stime of all threads, in ticks of 10 ms (proc(5)); 0 when it is gone. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
try {
  makeArchive(join(folder, 'in'), { small: Number(small), large: Number(large) });
  const server = await postgres();
  const url = server instanceof Error ? undefined : await server.newDatabase();
  if (server instanceof Error) console.log(`PostgreSQL absent: ${server.message}`);
  const bareBytes = (await watch(['-e', 'setTimeout(() => {}, 200)']))!.peakBytes;
  console.log(`${small} small files, ${large} of 1 GiB, --memory ${memory}; bare Node ${formatBytes(bareBytes)}`);
  for (const output of [...OUTPUTS, url]) {
    if (output === undefined) continue;
    const [name, to] = output === url ? ['PostgreSQL', url] : [output, join(folder, output)];
    const use = await watch([bin, 'extract', '--memory', memory, join(folder, 'in'), '--to', to]);
    const aboveBytes = (use?.peakBytes ?? 0) - bareBytes;
    const verdict = aboveBytes <= parseBytes(memory)! ? 'holds' : 'DOES NOT HOLD';
    const text = `${formatBytes(aboveBytes)} over bare Node (${verdict}), ${use?.cpuSeconds.toFixed(1)} CPU s`;
    console.log(`  ${name}: ${use ? text : 'absent'}`);
  }
} finally {
  await stopPostgres();
  rmSync(folder, { recursive: true });
}
