// FITS against astropy, fitsverify and funpack: CPU seconds of child processes, start-up subtracted, median of
// interleaved rounds, and the peak memory of ours.
//   node build/bench/fits.js [rounds]          TIDEGATE_BENCH_SCALE=0.1 for small files
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeGzip, writeHeaders, writeImage, writeInt16, writeRows } from './fits-files.ts';

const rounds = Number(process.argv[2] ?? 5);
const scale = Number(process.env.TIDEGATE_BENCH_SCALE ?? 1);
const folder = join(tmpdir(), `tidegate-bench-fits-${process.pid}`);
const build = new URL('../src/', import.meta.url).href;

/** Finds a Python that has astropy. */
const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import astropy.io.fits']).status === 0,
);
const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

type Command = readonly [string, ...string[]];
interface Rival {
  readonly name: string;
  readonly command: Command | undefined;
  readonly empty: Command;
}

const node = (script: string): Command => [process.execPath, '--input-type=module', '-e', script];
const PEAK = `import { readFileSync } from 'node:fs'; process.on('exit', () => console.log(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0));`;

function ours(path: string, options: object): Rival {
  const script = `${PEAK} import { openFile } from '${build}bytes/file-input.js'; import { reader } from '${build}formats/fits/reader.js';
    const input = openFile(${JSON.stringify(path)}, { isSync: true }); let last;
    for await (const batch of reader.read(input, ${JSON.stringify(options)})) last = batch.at(-1);
    if (last.status !== 'ok') throw new Error(JSON.stringify(last));`;
  return { name: 'tidegate', command: node(script), empty: node(PEAK) };
}

function typed(path: string): Rival {
  const script = `${PEAK} import { openFile } from '${build}bytes/file-input.js'; import { readRows } from '${build}formats/fits/read-rows.js';
    const input = openFile(${JSON.stringify(path)}, { isSync: true }); let sum = 0;
    for await (const { columns } of readRows(input)) for (const { values } of columns) sum += values.length;`;
  return { name: 'tidegate, typed batches', command: node(script), empty: node(PEAK) };
}

function astropy(name: string, script: string): Rival {
  const imports = 'import numpy as np\nfrom astropy.io import fits\n';
  const run = python === undefined ? undefined : ([python, '-c', imports + script] as const);
  return { name, command: run, empty: [python ?? 'python3', '-c', imports] };
}

function tool(name: string, ...args: string[]): Rival {
  return { name, command: has(name) ? [name, ...args] : undefined, empty: ['true'] };
}

/** CPU seconds of a command as bash counts them, and the last line that it wrote. */
function cpu(command: Command): { seconds: number; output: string } {
  const quoted = command.map((part) => `'${part.replaceAll("'", `'\\''`)}'`).join(' ');
  const { stdout, stderr, status } = spawnSync('bash', ['-c', `TIMEFORMAT='%3U %3S'; time ${quoted}`], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  if (status !== 0) throw new Error(`${command[0]} failed: ${stderr}`);
  return { seconds: user! + system!, output: stdout.trim().split('\n').at(-1) ?? '' };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

function race(title: string, rivals: readonly Rival[]): void {
  const present = rivals.filter(({ command }) => command !== undefined);
  const net = new Map<string, number[]>(present.map(({ name }) => [name, []]));
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { name, command, empty } of present) {
      const { seconds, output } = cpu(command!);
      net.get(name)!.push(Math.max(0.001, seconds - cpu(empty).seconds));
      if (name === 'tidegate') peaks.push(Number(output) / 1024);
    }
  }
  const bare = Number(cpu(node(PEAK)).output) / 1024;
  const own = median(net.get('tidegate')!);
  console.log(`\n${title}`);
  console.log(`  tidegate ${own.toFixed(2)} s, peak ${(median(peaks) - bare).toFixed(1)} MiB over bare Node`);
  for (const { name, command } of rivals.slice(1)) {
    if (command === undefined) console.log(`  ${name}: not installed`);
    else {
      const seconds = median(net.get(name)!);
      console.log(`  ${name} ${seconds.toFixed(2)} s: ${(seconds / own).toFixed(2)} x tidegate`);
    }
  }
}

const file = (name: string): string => join(folder, name);
mkdirSync(folder, { recursive: true });
try {
  const headers = writeHeaders(file('headers.fits'), Math.round(10_000 * scale));
  race(`headers of ${10_000 * scale} HDUs`, [
    ours(headers, {}),
    astropy('astropy', `for hdu in fits.open(${JSON.stringify(headers)}):\n  for card in hdu.header.cards: card.value`),
    tool('fitsverify', '-q', headers),
  ]);
  const image = writeImage(file('image.fits'), Math.round(32_768 * scale));
  race(`statistics of a ${2 * scale} GiB float32 image`, [
    ours(image, { pixels: true }),
    astropy(
      'astropy, sections of 64 rows',
      `s = fits.open(${JSON.stringify(image)})[0].section\nfor i in range(0, ${Math.round(32_768 * scale)}, 64):\n  x = s[i:i+64]; x.min(); x.max(); x.mean(dtype='f8'); x.std(dtype='f8')`,
    ),
  ]);
  race(`checksum of it`, [ours(image, { checksum: true }), tool('fitsverify', '-q', image)]);
  rmSync(image);
  const rows = writeRows(file('rows.fits'), Math.round(4_000_000 * scale));
  race(`${4_000_000 * scale} rows of 50 bytes`, [
    ours(rows, { rows: true }),
    typed(rows),
    astropy(
      'astropy, a column at a time',
      `d = fits.open(${JSON.stringify(rows)})[1].data\nfor n in d.columns.names:\n  x = d[n]\n  if x.dtype.kind in 'SU': (np.char.str_len(x) > 0).sum()\n  else: x.min(); x.max(); x.mean(); x.std()`,
    ),
  ]);
  rmSync(rows);
  const plain = writeInt16(file('tiles.fits'), Math.round(4096 * scale));
  const gzipped = writeGzip(plain);
  race('statistics of the image of 64 MiB in .fits.gz', [
    ours(gzipped, { pixels: true }),
    astropy(
      'astropy',
      `x = fits.open(${JSON.stringify(gzipped)})[0].data\nx.min(); x.max(); x.mean(dtype='f8'); x.std(dtype='f8')`,
    ),
    tool('gzip', '-t', gzipped),
  ]);
  if (has('fpack')) {
    const floats = writeImage(file('floats.fits'), Math.round(1024 * scale));
    const packings = [
      ['RICE_1 of 16-bit pixels', plain, ['-r']],
      ['GZIP_2 of 16-bit pixels', plain, ['-g2']],
      ['RICE_1 of quantised, dithered floats', floats, ['-r', '-q1', '4']],
    ] as const;
    for (const [name, source, args] of packings) {
      const packed = file('tiles.fz');
      rmSync(packed, { force: true });
      if (spawnSync('fpack', [...args, '-O', packed, source]).status !== 0) throw new Error('fpack failed');
      race(name, [
        ours(packed, { pixels: true }),
        {
          name: 'funpack',
          command: ['sh', '-c', `rm -f ${file('out.fits')}; funpack -O ${file('out.fits')} ${packed}`],
          empty: ['true'],
        },
        astropy(
          'astropy',
          `x = fits.open(${JSON.stringify(packed)})[1].data\nx.min(); x.max(); x.mean(dtype='f8'); x.std(dtype='f8')`,
        ),
      ]);
    }
  } else console.log('\nfpack: not installed, no race over tiles');
} finally {
  if (existsSync(folder)) rmSync(folder, { recursive: true });
}
