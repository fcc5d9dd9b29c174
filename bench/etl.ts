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
const bin = fileURLToPath(new URL('../src/cli/bin.js', import.meta.url));

/** The kernel's marks, looked at until the process is gone: what the last 20 ms add is missed. */
async function watch(args: readonly string[]): Promise<{ readonly peakBytes: number; readonly cpuSeconds: number }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let [peakBytes, cpuSeconds] = [0, 0];
  for (const closed = once(child, 'close'); child.exitCode === null && child.signalCode === null; ) {
    peakBytes = Math.max(peakBytes, peakRssBytes(child.pid!));
    cpuSeconds = Math.max(cpuSeconds, cpuOf(child.pid!));
    await Promise.race([closed, sleep(20)]);
  }
  if (child.exitCode !== 0) throw new Error(`${args.join(' ')} failed`);
  return { peakBytes, cpuSeconds };
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
  const bare = await watch(['-e', 'setTimeout(() => {}, 200)']);
  console.log(`${small} small files, ${large} of 1 GiB, --memory ${memory}; bare Node ${formatBytes(bare.peakBytes)}`);
  for (const to of ['out.ndjson', 'out.parquet', url]) {
    if (to === undefined) continue;
    const target = to === url ? to : join(folder, to);
    const { peakBytes, cpuSeconds } = await watch([
      bin,
      'extract',
      '--memory',
      memory,
      join(folder, 'in'),
      '--to',
      target,
    ]);
    const aboveBytes = peakBytes - bare.peakBytes;
    const verdict = aboveBytes <= parseBytes(memory)! ? 'holds' : 'DOES NOT HOLD';
    console.log(
      `  ${to === url ? 'PostgreSQL' : to}: ${formatBytes(aboveBytes)} over bare Node (${verdict}), ${cpuSeconds.toFixed(1)} CPU s`,
    );
  }
} finally {
  await stopPostgres();
  rmSync(folder, { recursive: true });
}
