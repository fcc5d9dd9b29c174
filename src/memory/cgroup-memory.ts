import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the control group of a process may have, and has. */
export interface CgroupMemory {
  /** The lowest limit of the group and of those around it. */
  readonly limitBytes: number;
  /** What counts against it, less cached file pages that nobody uses: the kernel drops those first. */
  readonly usedBytes: number;
}

/**
 * The memory limit of the control group of this process, version 1 or 2; `undefined` if there is none. `root` is the
 * folder in which /proc and /sys are.
 */
export function cgroupMemory(root = '/'): CgroupMemory | undefined {
  const groups = textOf(join(root, 'proc/self/cgroup'));
  if (groups === undefined) return undefined;
  const mount = join(root, 'sys/fs/cgroup');
  // cgroups(7): hierarchy-ID:controllers:path; version 2 has the ID 0 and no controllers
  const lines = groups.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line) ?? ['', 'none', '']);
  const versionOne = lines.find(([, controllers]) => controllers!.split(',').includes('memory'));
  if (versionOne !== undefined) return versionOneMemory(join(mount, 'memory'), versionOne[2]!);
  const versionTwo = lines.find(([, controllers]) => controllers === '');
  return versionTwo === undefined ? undefined : versionTwoMemory(mount, versionTwo[2]!);
}

function versionOneMemory(mount: string, path: string): CgroupMemory | undefined {
  // In a container that sees only its own group, the path is that of the host and the group is the mount itself.
  const folder = folderWith(mount, path, 'memory.limit_in_bytes');
  if (folder === undefined) return undefined;
  const stat = textOf(join(folder, 'memory.stat')) ?? '';
  const ownBytes = numberIn(join(folder, 'memory.limit_in_bytes'));
  return memory(
    Math.min(ownBytes, field(stat, 'hierarchical_memory_limit') ?? ownBytes),
    numberIn(join(folder, 'memory.usage_in_bytes')) - (field(stat, 'total_inactive_file') ?? 0),
  );
}

function versionTwoMemory(mount: string, path: string): CgroupMemory | undefined {
  const own = folderWith(mount, path, 'memory.current');
  if (own === undefined) return undefined;
  let limitBytes = Number.POSITIVE_INFINITY;
  for (let folder = own; folder.startsWith(mount); folder = dirname(folder)) {
    // above `high` the kernel throttles, at `max` it kills
    for (const name of ['memory.max', 'memory.high']) limitBytes = Math.min(limitBytes, numberIn(join(folder, name)));
  }
  const stat = textOf(join(own, 'memory.stat')) ?? '';
  return memory(limitBytes, numberIn(join(own, 'memory.current')) - (field(stat, 'inactive_file') ?? 0));
}

/** Version 1 says "no limit" with a number near 2 ** 63, version 2 with "max". */
function memory(limitBytes: number, usedBytes: number): CgroupMemory | undefined {
  if (!(limitBytes < 2 ** 60) || !Number.isFinite(usedBytes)) return undefined;
  return { limitBytes, usedBytes: Math.max(0, usedBytes) };
}

function folderWith(mount: string, path: string, name: string): string | undefined {
  return [join(mount, path), mount].find((folder) => textOf(join(folder, name)) !== undefined);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** `Infinity` for "max", and where there is no such file. */
function numberIn(path: string): number {
  const value = Number.parseInt(textOf(path) ?? '', 10);
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

function field(stat: string, name: string): number | undefined {
  const digits = new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
