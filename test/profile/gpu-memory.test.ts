import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { MediaProcess } from '../../src/formats/media/ffmpeg/media-process.ts';
import { childPids } from '../../src/memory/children.ts';
import { GpuMemory } from '../../src/profile/gpu-memory.ts';
import { MemoryMonitor } from '../../src/profile/memory-monitor.ts';
import { GiB, MiB } from '../../src/units.ts';
import { tempFolder } from '../support/temp.ts';
import { until } from '../support/until.ts';

/** Puts a `nvidia-smi` on PATH that notes each call, and answers with what is in these files. */
function fake(t: ExecutionContext, cards: string, processes: string, code = 0): () => number {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'cards'), cards);
  writeFileSync(join(folder, 'processes'), processes);
  writeFileSync(join(folder, 'calls'), '');
  const script = `#!/bin/sh
echo call >> '${folder}/calls'
case "$1" in
  --query-gpu=*) cat '${folder}/cards' ;;
  --query-compute-apps=*) cat '${folder}/processes' ;;
esac
exit ${code}
`;
  writeFileSync(join(folder, 'nvidia-smi'), script);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  usePath(t, `${folder}${delimiter}${process.env.PATH}`);
  return () => readFileSync(join(folder, 'calls'), 'latin1').split('\n').length - 1;
}

function usePath(t: ExecutionContext, path: string): void {
  const before = process.env.PATH;
  process.env.PATH = path;
  t.teardown(() => {
    process.env.PATH = before;
  });
}

test.serial('cards and what our processes have on them are counted', async (t) => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)']);
  t.teardown(() => child.kill('SIGKILL'));
  const calls = fake(t, '24576, 20000, 55\n24576, 4000, [N/A]\n', `${child.pid}, 3000\n999999, 100\n`);
  const monitor = new MemoryMonitor({ limitBytes: 64 * GiB, childPids: () => [child.pid!], isWatchingGpu: true });
  t.is(monitor.sample().gpu, undefined);
  await until(() => monitor.sample().gpu !== undefined);
  const { gpu, usedRatio, level } = monitor.sample();
  t.deepEqual(gpu, { totalBytes: 49152 * MiB, usedBytes: 24000 * MiB, ownBytes: 3000 * MiB, busyRatio: 0.55 });
  t.true(usedRatio >= 24000 / 49152 && level === 'normal');
  t.is(calls(), 2, 'once a second, whatever is asked');
  monitor.stop();
});

test.serial('a card that is nearly full counts as pressure, if some of it is ours', async (t) => {
  fake(t, '1000, 950, 90\n', `${process.pid}, 900\n`);
  const monitor = new MemoryMonitor({ limitBytes: 64 * GiB, isWatchingGpu: true });
  await until(() => monitor.sample().gpu !== undefined);
  t.is(monitor.sample().level, 'critical');
  monitor.stop();
});

test.serial('a card that others fill is no affair of ours', async (t) => {
  fake(t, '1000, 950, 90\n', '999999, 900\n');
  const monitor = new MemoryMonitor({ limitBytes: 64 * GiB, isWatchingGpu: true });
  await until(() => monitor.sample().gpu !== undefined);
  t.is(monitor.sample().level, 'normal');
  monitor.stop();
});

test.serial('what an ffmpeg of ours has on a card is ours, whoever started it, for as long as it lives', async (t) => {
  // decodes on a card as far as anybody can tell from outside: a child that nvidia-smi lists
  const path = join(tempFolder(t), 'ffmpeg');
  writeFileSync(path, '#!/bin/sh\nexec sleep 20\n');
  chmodSync(path, 0o755);
  const child = new MediaProcess({ path, args: ['-hwaccel', 'cuda'] });
  t.teardown(() => child.kill());
  fake(t, '1000, 950, 90\n', `${child.pid}, 800\n`);
  const monitor = new MemoryMonitor({ limitBytes: 64 * GiB, isWatchingGpu: true });
  await until(() => monitor.sample().gpu !== undefined);
  t.like(monitor.sample(), { gpu: { ownBytes: 800 * MiB }, level: 'critical' });
  t.true(childPids().includes(child.pid!));
  monitor.stop();
  await child.kill();
  t.false(childPids().includes(child.pid!));
  const later = new MemoryMonitor({ limitBytes: 64 * GiB, isWatchingGpu: true });
  await until(() => later.sample().gpu !== undefined);
  t.like(later.sample(), { gpu: { ownBytes: 0 }, level: 'normal' });
  later.stop();
});

for (const [what, set] of [
  ['no nvidia-smi', (t: ExecutionContext) => void usePath(t, tempFolder(t))],
  ['one that fails', (t: ExecutionContext) => fake(t, 'No devices were found\n', '', 9)],
  ['one that knows no card', (t: ExecutionContext) => fake(t, '\n', '')],
] as const) {
  test.serial(`${what} is no error, and is asked once`, async (t) => {
    const calls = set(t);
    const gpu = new GpuMemory();
    gpu.look([], 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    gpu.look([], 10_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (calls) t.is(calls(), 2, 'for the cards and for the processes');
    t.is(gpu.sample, undefined);
  });
}
