import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What a child process used, as the kernel counted it. */
export interface ChildUse {
  /** Peak RSS over that of a Node that runs an empty module. */
  readonly aboveBareBytes: number;
  readonly peakRssBytes: number;
  readonly cpuMs: number;
  readonly stdout: string;
}

// VmHWM and not ru_maxrss, which a child inherits from the process that forked it.
const PROBE = `
import { readFileSync, writeSync } from 'node:fs';
process.on('exit', () => {
  let peakRssBytes = process.resourceUsage().maxRSS * 1024;
  try {
    peakRssBytes = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {}
  const { user, system } = process.cpuUsage();
  writeSync(3, JSON.stringify({ peakRssBytes, cpuMs: (user + system) / 1000 }));
});`;

/**
 * From Node 24 on, peaks of the same work differ by 10 to 20 MiB from run to run: it is up to V8 when it collects and
 * compiles. The least of some runs is what the work needs; none follows a run that needed little enough.
 */
const RUNS = Number(process.versions.node.split('.')[0]) >= 24 ? 5 : 1;

async function measure(args: readonly string[]): Promise<Omit<ChildUse, 'aboveBareBytes'>> {
  const probe = `data:text/javascript,${encodeURIComponent(PROBE)}`;
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, ['--import', probe, ...args], { stdio: [...stdio] });
  const closed = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [stdout, stderr, use] = await Promise.all(
    [1, 2, 3].map((fd) => text(child.stdio[fd] as NodeJS.ReadableStream)),
  );
  if ((await closed) !== 0) throw new Error(`Cannot measure ${args.join(' ')}: it failed with ${stderr}`);
  return { ...(JSON.parse(use!) as { peakRssBytes: number; cpuMs: number }), stdout: stdout! };
}

let bare: Promise<number> | undefined;

async function bareRssBytes(): Promise<number> {
  const peaks: number[] = [];
  for (let run = 0; run < 3; run++) peaks.push((await measure(['--input-type=module', '-e', ''])).peakRssBytes);
  return peaks.sort((a, b) => a - b)[1]!;
}

/**
 * Runs a built script in a child process and measures its peak memory over a bare Node of the same version.
 *
 * @example
 * ```ts
 * const { aboveBareBytes } = await peakRss(new URL('./scan.js', import.meta.url), ['big.bin']);
 * t.true(aboveBareBytes <= 16 * MiB);
 * ```
 */
export async function peakRss(script: URL, args: readonly string[] = [], enoughBytes = 0): Promise<ChildUse> {
  const bareBytes = await (bare ??= bareRssBytes());
  let use = await measure([fileURLToPath(script), ...args]);
  const runs = enoughBytes > 0 ? RUNS : Math.min(RUNS, 3);
  for (let run = 1; run < runs && use.peakRssBytes - bareBytes > enoughBytes; run++) {
    const again = await measure([fileURLToPath(script), ...args]);
    if (again.peakRssBytes < use.peakRssBytes) use = again;
  }
  return { ...use, aboveBareBytes: use.peakRssBytes - bareBytes };
}

/** The same for a script given as text (an ES module; import built files by absolute URL). */
export async function peakRssOf(moduleText: string): Promise<ChildUse> {
  const bareBytes = await (bare ??= bareRssBytes());
  const use = await measure(['--input-type=module', '-e', moduleText]);
  return { ...use, aboveBareBytes: use.peakRssBytes - bareBytes };
}
