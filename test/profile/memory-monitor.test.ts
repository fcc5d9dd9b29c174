import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { MemoryBudget } from '../../src/memory/memory-budget.ts';
import { presentPressure } from '../../src/memory/pressure.ts';
import { MemoryMonitor } from '../../src/profile/memory-monitor.ts';
import { isStalling, type MemorySample } from '../../src/profile/memory-sample.ts';
import { GiB, MiB } from '../../src/units.ts';
import { tempFolder } from '../support/temp.ts';
import { until } from '../support/until.ts';

test.serial('samples come to those who subscribe, and end with the monitor', async (t) => {
  const monitor = new MemoryMonitor({ everyMs: 5, limitBytes: 1024 * GiB });
  const samples: MemorySample[] = [];
  let isComplete = false;
  monitor.memory$.subscribe({ next: (sample) => samples.push(sample), complete: () => (isComplete = true) });
  monitor.start();
  monitor.start();
  await until(() => samples.length >= 3);
  const { current, peak, average } = monitor.stop();
  t.true(isComplete);
  t.like(current, { level: 'normal', limitBytes: 1024 * GiB, childRssBytes: 0, budgetUsedBytes: 0 });
  t.true(current.rssBytes > MiB && current.heapUsedBytes > 0 && current.availableBytes > 0);
  t.true(peak.rssBytes >= Math.max(...samples.map(({ rssBytes }) => rssBytes)) - 1);
  t.true(average.rssBytes > 0 && average.rssBytes <= peak.rssBytes);
  const { length } = samples;
  monitor.start();
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.is(samples.length, length, 'for good');
});

test.serial('it keeps the last samples', (t) => {
  const monitor = new MemoryMonitor({ sampleCount: 3 });
  for (let count = 0; count < 5; count++) monitor.sample();
  const { snapshots } = monitor.stop();
  t.is(snapshots.length, 3);
  t.deepEqual(
    snapshots.map(({ atMs }) => atMs),
    snapshots.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
  );
});

test.serial('a process above its limit is under critical pressure, until the monitor stops', (t) => {
  const monitor = new MemoryMonitor({ limitBytes: MiB });
  t.is(monitor.sample().level, 'critical');
  t.is(presentPressure(), 'critical');
  monitor.stop();
  t.is(presentPressure(), 'normal');
});

test.serial('children count with us, in the budget too, and nothing once they have ended', async (t) => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const budget = new MemoryBudget(GiB);
  const monitor = new MemoryMonitor({ budget, everyMs: 20, childPids: () => [child.pid!, 2 ** 22 + 1] });
  monitor.start();
  await until(() => monitor.sample().childRssBytes > 10 * MiB);
  t.true(budget.usedBytes > 10 * MiB);
  child.kill();
  await until(() => monitor.sample().childRssBytes === 0);
  monitor.stop();
  t.is(budget.usedBytes, 0);
});

test.serial('stalls are those that the kernel tells of, where it does', (t) => {
  const root = tempFolder(t);
  t.false(isStalling(root));
  mkdirSync(join(root, 'proc/pressure'), { recursive: true });
  const stalled = (percent: string) => {
    const text = `some avg10=${percent} avg60=50.00 avg300=9.00 total=3\nfull avg10=99.00 avg60=0.00 avg300=0.00 total=1\n`;
    writeFileSync(join(root, 'proc/pressure/memory'), text);
    return isStalling(root);
  };
  t.deepEqual([stalled('0.00'), stalled('10.00'), stalled('10.01'), stalled('87.50')], [false, false, true, true]);
});
