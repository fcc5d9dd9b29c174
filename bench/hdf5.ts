// HDF5: CPU seconds against h5ls, h5dump, h5py and h5wasm, the start of each process subtracted, and peak memory.
//   node build/bench/hdf5.js [rounds] [folder] [race]   needs python3 with h5py, which makes the files (and keeps them in a
//                                                     folder that was given)
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFile } from '../src/bytes/file-input.ts';
import { reader } from '../src/formats/hdf5/reader.ts';
import { formatBytes } from '../src/units.ts';
import { writeManyObjects } from '../test/formats/hdf5/many-objects.ts';
import { type Contestant, contest, type Outcome, printOutcomes } from './support/contest.ts';

const PYTHON = '/usr/bin/python3';
const MAKE = `
import sys, os, h5py, numpy as np
folder = sys.argv[1] + '/'
for count in (1, 5, 10000, 100000):
    name = folder + f'{count}.h5'
    if os.path.exists(name): continue
    with h5py.File(name, 'w') as f:
        for g in range(max(1, count // 100)):
            group = f.create_group(f'g{g:05d}')
            for d in range(min(count, 100)):
                ds = group.create_dataset(f'd{d:03d}', data=np.arange(4, dtype='f4'))
                ds.attrs['units'] = 'm/s'; ds.attrs['scale'] = np.float64(d)
if not os.path.exists(folder + 'data.h5'):
    with h5py.File(folder + 'data.h5', 'w') as f:
        ds = f.create_dataset('d', (400, 500, 1000), 'f4', chunks=(1, 500, 1000), shuffle=True, compression=1)
        wave = np.sin(np.arange(500000, dtype='f8') / 700).reshape(500, 1000)
        noise = np.random.default_rng(1).normal(0, 0.01, (500, 1000))
        for t in range(400): ds[t] = (wave * (1 + t / 400) + np.roll(noise, t, 1)).astype('f4').round(3)
`;
const WALK_H5PY = `
import sys, h5py
with h5py.File(sys.argv[1]) as f:
    def visit(name, o):
        for k, v in o.attrs.items(): pass
        if isinstance(o, h5py.Dataset): o.shape, o.dtype, o.chunks, o.compression
    f.visititems(visit)
`;
const SMALL_H5PY = `${WALK_H5PY.replace('with', 'for _ in range(int(sys.argv[2])):\n  with').replaceAll('\n    ', '\n      ')}`;
const SCAN_H5PY = `
import sys, h5py, numpy as np
with h5py.File(sys.argv[1]) as f:
    for t in range(400 if 'd' in f else 0):
        a = f['d'][t].astype('f4'); a.min(), a.max(), a.mean(dtype='f8'), a.std(dtype='f8'), np.isnan(a).sum()
`;
const WALK_H5WASM = `
import h5wasm from 'h5wasm/node';
await h5wasm.ready;
const file = new h5wasm.File(process.argv[1], 'r');
const walk = (group) => { for (const key of group.keys()) { const o = group.get(key);
  for (const name of Object.keys(o.attrs)) o.attrs[name].value;
  if (o.type === 'Group') walk(o); else o.metadata; } };
walk(file);`;

const self = fileURLToPath(import.meta.url);

/** The costs on `path` less those on a file of one dataset. */
function race(
  title: string,
  folder: string,
  file: string,
  entries: readonly [string, readonly string[]][],
  rounds: number,
): void {
  const on = (name: string): Contestant[] =>
    entries.map(([who, command]) => ({
      name: who,
      command: command.map((part) => (part === 'FILE' ? join(folder, name) : part)),
    }));
  const starts = contest(on('1.h5'), rounds);
  const outcomes = contest(on(file), rounds).map((outcome, index) => net(outcome, starts[index]));
  printOutcomes(title, outcomes);
}

/** The cost without that of the start. */
function net({ name, cpuSeconds }: Outcome, start: Outcome | undefined): Outcome {
  if (cpuSeconds === undefined || start?.cpuSeconds === undefined) return { name, cpuSeconds: undefined };
  return { name, cpuSeconds: Math.max(0.001, cpuSeconds - start.cpuSeconds) };
}

function walkers(): [string, readonly string[]][] {
  return [
    ['tidegate', [process.execPath, self, 'read', 'FILE']],
    ['h5ls -rv', ['h5ls', '-rv', 'FILE']],
    ['h5dump -A', ['h5dump', '-A', 'FILE']],
    ['h5py, visititems and attributes', [PYTHON, '-c', WALK_H5PY, 'FILE']],
    ['h5wasm', [process.execPath, '--input-type=module', '-e', WALK_H5WASM, 'FILE']],
  ];
}

function peakBytes(path: string): number {
  const script = `${self}`;
  const { stdout } = spawnSync(process.execPath, [script, 'memory', path], { encoding: 'utf8' });
  return Number(stdout);
}

/** What can be raced: all, or one by its name. */
const RACES: Readonly<Record<string, (folder: string, rounds: number) => void>> = {
  walk10000: (folder, rounds) => race('walk of 10,000 datasets', folder, '10000.h5', walkers(), rounds),
  walk100000: (folder, rounds) => race('walk of 100,000 datasets', folder, '100000.h5', walkers().slice(0, -1), rounds),
  small: (folder, rounds) => {
    const path = join(folder, '5.h5');
    const entries = (times: string): Contestant[] => [
      { name: 'tidegate', command: [process.execPath, self, 'read', path, times] },
      { name: 'h5py, visititems and attributes', command: [PYTHON, '-c', SMALL_H5PY, path, times] },
    ];
    const starts = contest(entries('1'), rounds);
    const outcomes = contest(entries('10000'), rounds).map((outcome, index) => net(outcome, starts[index]));
    printOutcomes('10,000 reads of a file of 7 objects, in one process', outcomes);
  },
  scan: (folder, rounds) => {
    const entries: [string, readonly string[]][] = [
      ['tidegate, slices with statistics', [process.execPath, self, 'slices', 'FILE']],
      ['h5py and numpy, the same statistics', [PYTHON, '-c', SCAN_H5PY, 'FILE']],
    ];
    race('statistics of 800 MB, shuffle and deflate', folder, 'data.h5', entries, rounds);
  },
  memory: (folder) => {
    const bare = peakBytes('');
    const show = (name: string) => {
      console.log(`  ${name.padEnd(20)} ${formatBytes(peakBytes(join(folder, name)) - bare).padStart(12)}`);
    };
    console.log('\npeak memory over a bare Node: files by h5py, then of format 2, 1,000 datasets in a group');
    for (const name of ['10000.h5', '100000.h5']) show(name);
    for (const groups of [100, 1000]) {
      writeManyObjects(join(folder, `new-${groups}000.h5`), groups);
      show(`new-${groups}000.h5`);
    }
  },
};

function main(rounds: number, given: string, which: string): void {
  const folder = given === '' ? mkdtempSync(join(tmpdir(), 'tidegate-bench-')) : given;
  try {
    mkdirSync(folder, { recursive: true });
    const made = spawnSync(PYTHON, ['-c', MAKE, folder], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`Cannot make the files without python3 and h5py: ${made.stderr}`);
    for (const [name, run] of Object.entries(RACES)) if (which === '' || which === name) run(folder, rounds);
  } finally {
    if (given === '') rmSync(folder, { recursive: true });
  }
}

async function read(path: string, times: number, hasSlices: boolean): Promise<void> {
  for (let time = 0; time < times; time++) {
    const input = openFile(path, { isSync: true });
    for await (const _ of reader.read(input, hasSlices ? { slices: true } : {}));
    input.close();
  }
}

const [what = '5', path = '', more = ''] = process.argv.slice(2);
if (what === 'read' || what === 'slices') await read(path, Number(more || 1), what === 'slices');
else if (what === 'memory') {
  if (path !== '') await read(path, 1, false);
  const { readFileSync } = await import('node:fs');
  console.log(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024);
} else main(Number(what), path, more);
