import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { cgroupMemory } from '../../src/memory/cgroup-memory.ts';
import { tempFolder } from '../support/temp.ts';

/** A root with these files. */
function root(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = tempFolder(t);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test('version 2: the lowest limit of the group and those around it, use without inactive file pages', (t) => {
  const folder = root(t, {
    'proc/self/cgroup': '0::/a/b\n',
    'sys/fs/cgroup/memory.current': '1',
    'sys/fs/cgroup/a/memory.max': '5000\n',
    'sys/fs/cgroup/a/memory.high': '4000\n',
    'sys/fs/cgroup/a/b/memory.max': 'max\n',
    'sys/fs/cgroup/a/b/memory.current': '3000\n',
    'sys/fs/cgroup/a/b/memory.stat': 'anon 900\ninactive_file 1200\n',
  });
  t.deepEqual(cgroupMemory(folder), { limitBytes: 4000, usedBytes: 1800 });
});

test('version 1: the limit of the hierarchy, in a container where the group is the mount itself', (t) => {
  const folder = root(t, {
    'proc/self/cgroup': '5:cpu,cpuacct:/x\n4:memory:/docker/0123\n0::/\n',
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    'sys/fs/cgroup/memory/memory.usage_in_bytes': '700\n',
    'sys/fs/cgroup/memory/memory.stat': 'hierarchical_memory_limit 8000\ntotal_inactive_file 900\n',
  });
  t.deepEqual(cgroupMemory(folder), { limitBytes: 8000, usedBytes: 0 });
});

test('no limit, no group and no /proc are no limit', (t) => {
  const current = { 'sys/fs/cgroup/memory.current': '3000\n', 'sys/fs/cgroup/memory.max': 'max\n' };
  t.is(cgroupMemory(root(t, { 'proc/self/cgroup': '0::/\n', ...current })), undefined);
  t.is(cgroupMemory(root(t, { 'proc/self/cgroup': '0::/gone\n' })), undefined);
  t.is(cgroupMemory(root(t, {})), undefined);
});
