/**
 * What NetCDF headers and values cost against netcdfjs, netCDF4-python and ncdump. Start-up (the same program over an
 * empty folder) is measured apart and subtracted.
 *
 *     node build/bench/netcdf.js [race]     classic, scan or nc4: one of them only
 */
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MiB } from '../src/units.ts';
import { type ClassicContent, classicFile } from '../test/formats/netcdf/classic-file.ts';
import { addDimension, addVariable, nc4File } from '../test/formats/netcdf/nc4-file.ts';
import { type Contestant, contest } from './support/contest.ts';

const FILE_COUNT = 1_000;
const SCAN_BYTES = 400 * MiB;
const url = (file: string): string => JSON.stringify(new URL(`../src/${file}`, import.meta.url));
const PYTHON = ['/usr/bin/python3', '-c'];

const OUR_RECORDS = (options: object): string => `
  import { readdirSync } from 'node:fs';
  import { openFile } from ${url('bytes/file-input.js')};
  import { reader } from ${url('formats/netcdf/reader.js')};
  let count = 0;
  for (const name of readdirSync(process.argv[1])) {
    const input = openFile(process.argv[1] + '/' + name, { isSync: true });
    for await (const batch of reader.read(input, ${JSON.stringify(options)})) count += batch.length;
    input.close();
  }
`;

const OUR_CDL = `
  import { readdirSync } from 'node:fs';
  import { openFile } from ${url('bytes/file-input.js')};
  import { cdlBytes } from ${url('formats/netcdf/cdl.js')};
  for (const name of readdirSync(process.argv[1])) {
    const input = openFile(process.argv[1] + '/' + name, { isSync: true });
    for await (const part of cdlBytes(input)) process.stdout.write(part);
    input.close();
  }`;

/** Parses, and leaves it at that: no paths, no names for dimensions, no offsets of values. */
const NETCDFJS = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { NetCDFReader } from 'netcdfjs';
  let count = 0;
  for (const name of readdirSync(process.argv[1])) {
    count += new NetCDFReader(readFileSync(process.argv[1] + '/' + name)).variables.length;
  }
`;

/** Ends with the same rows as ours, but for the offsets of values, which it does not tell. */
const NETCDFJS_RECORDS = `
  import { readdirSync, readFileSync, statSync } from 'node:fs';
  import { NetCDFReader } from 'netcdfjs';
  const format = 'netcdf';
  let count = 0;
  for (const name of readdirSync(process.argv[1])) {
    const file = process.argv[1] + '/' + name;
    const { size, mtime } = statSync(file);
    const rows = [{ file, format, seq: 0, kind: 'file', size, mtime: mtime.toISOString() }];
    const header = new NetCDFReader(readFileSync(file));
    const fields = (owner, attributes) => {
      for (const { name, type, value } of attributes)
        rows.push({ file, format, seq: rows.length, kind: 'field', path: owner + '@' + name, key: name, name, dtype: type, value });
    };
    for (const { name, size } of header.dimensions)
      rows.push({ file, format, seq: rows.length, kind: 'object', path: '/' + name, class: 'dimension', shape: [size] });
    fields('/', header.globalAttributes);
    for (const { name, type, dimensions, attributes, offset, size } of header.variables) {
      const path = '/' + name;
      const shape = dimensions.map((index) => header.dimensions[index].size);
      const names = dimensions.map((index) => header.dimensions[index].name);
      rows.push({ file, format, seq: rows.length, kind: 'object', path, class: 'variable', dtype: type, shape,
        offset, length: size, attributes: { dimensions: names } });
      fields(path, attributes);
    }
    count += rows.length;
  }
`;

const NETCDF4_HEADERS = `
import os, sys, netCDF4
for name in os.listdir(sys.argv[1]):
    data = netCDF4.Dataset(os.path.join(sys.argv[1], name))
    for owner in [data, *data.variables.values()]:
        for key in owner.ncattrs(): owner.getncattr(key)
    data.close()
`;

const NETCDF4_SCAN = `
import os, sys, netCDF4, numpy
for name in os.listdir(sys.argv[1]):
    variable = netCDF4.Dataset(os.path.join(sys.argv[1], name)).variables['v']
    variable.set_auto_maskandscale(False)
    rows = 256
    for at in range(0, variable.shape[0], rows):
        part = variable[at:at + rows]
        numpy.nanmin(part), numpy.nanmax(part), part.mean(dtype='f8'), part.std(dtype='f8'), numpy.isnan(part).sum()
`;

/** As in the profiles of Argo floats: 64 variables, some 250 attributes. */
const PROFILE: ClassicContent = {
  recordCount: 1,
  dimensions: [
    ['N_PROF', 0],
    ['N_LEVELS', 70],
    ['STRING16', 16],
  ],
  attributes: Array.from({ length: 12 }, (_, index) => [
    `global_${index}`,
    'char',
    `A text of this file, number ${index}`,
  ]),
  variables: Array.from({ length: 64 }, (_, index) => ({
    name: `VARIABLE_${index}`,
    type: index % 2 === 0 ? 'float' : 'char',
    dimensions: index % 2 === 0 ? [0, 1] : [0, 2],
    values: index % 2 === 0 ? Array.from({ length: 70 }, (__, value) => value) : 'sixteen letters.',
    attributes: [
      ['long_name', 'char', `What variable ${index} stands for, and how`],
      ['conventions', 'char', 'Argo reference table 7'],
      ['_FillValue', 'float', [99999]],
      ['resolution', 'double', [0.001]],
    ],
  })),
};

const which = process.argv[2] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
const empty = join(folder, 'empty');
mkdirSync(empty);
try {
  for (const [name, run] of Object.entries({ classic, scan, nc4 })) if (which === '' || which === name) await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function classic(): void {
  const headers = fill('headers', FILE_COUNT, () => classicFile(PROFILE));
  race(`${FILE_COUNT} classic headers`, [
    { name: 'tidegate records', command: node(OUR_RECORDS({}), headers) },
    { name: 'tidegate CDL', command: node(OUR_CDL, headers) },
    { name: 'netcdfjs, its header as rows', command: node(NETCDFJS_RECORDS, headers) },
    { name: 'netcdfjs, parsed only', command: node(NETCDFJS, headers) },
    { name: 'netCDF4-python', command: [...PYTHON, NETCDF4_HEADERS, headers] },
    {
      name: 'ncdump -h, a process a file',
      command: shell('for f in "$0"/*.nc; do [ -e "$f" ] && ncdump -h "$f"; done', headers),
    },
  ]);
}

function scan(): void {
  const path = join(folder, 'scan');
  mkdirSync(path);
  writeScan(join(path, 'scan.nc'));
  race(`Scan of ${SCAN_BYTES / MiB} MiB of floats in a classic file`, [
    { name: 'tidegate slices', command: node(OUR_RECORDS({ slices: true }), path) },
    { name: 'netCDF4-python and numpy', command: [...PYTHON, NETCDF4_SCAN, path] },
  ]);
}

async function nc4(): Promise<void> {
  const bytes = await nc4Profile();
  const deep = fill('nc4', FILE_COUNT, () => bytes);
  race(`${FILE_COUNT} NetCDF-4 headers`, [
    { name: 'tidegate records', command: node(OUR_RECORDS({}), deep) },
    { name: 'tidegate CDL', command: node(OUR_CDL, deep) },
    { name: 'netCDF4-python', command: [...PYTHON, NETCDF4_HEADERS, deep] },
    {
      name: 'ncdump -h, a process a file',
      command: shell('for f in "$0"/*.nc; do [ -e "$f" ] && ncdump -h "$f"; done', deep),
    },
  ]);
}

/** Each contestant and, as its start-up, the same command over an empty folder. */
function race(title: string, contestants: readonly Contestant[]): void {
  const starts = contestants.map(({ name, command }) => ({ name, command: [...command.slice(0, -1), empty] }));
  const outcomes = contest([...contestants, ...starts], 3);
  console.log(`\n${title} (CPU seconds without start-up, ratio to the first)`);
  let first: number | undefined;
  for (const [index, { name }] of contestants.entries()) {
    const all = outcomes[index]!.cpuSeconds;
    const start = outcomes[contestants.length + index]!.cpuSeconds ?? 0;
    const net = all === undefined ? undefined : all - start;
    first ??= net;
    const ratio = net === undefined ? '' : `${(net / first!).toFixed(2)}x`;
    console.log(`  ${name.padEnd(32)} ${(net?.toFixed(2) ?? 'absent').padStart(8)} ${ratio.padStart(8)}`);
  }
}

function fill(name: string, count: number, make: () => Buffer): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (let index = 0; index < count; index++) writeFileSync(join(path, `${index}.nc`), make());
  return path;
}

function writeScan(path: string): void {
  const rows = SCAN_BYTES / 4 / 1024;
  const small = { name: 'v', type: 'float', dimensions: [0, 1], values: [] } as const;
  const header = classicFile({
    dimensions: [
      ['y', 1],
      ['x', 1024],
    ],
    variables: [small],
  }).subarray(0, -4096);
  header.writeUInt32BE(rows, header.indexOf(Buffer.from('y\0\0\0', 'latin1')) + 4);
  const fd = openSync(path, 'w');
  writeSync(fd, header);
  const block = Buffer.alloc(4 * MiB);
  for (let at = 0; at < block.length; at += 4) block.writeFloatBE(Math.sin(at) * 1000, at);
  for (let written = 0; written < SCAN_BYTES; written += block.length) writeSync(fd, block);
  closeSync(fd);
}

function nc4Profile(): Promise<Buffer> {
  return nc4File((file) => {
    addDimension(file, 'levels', 70, { id: 0 });
    for (let index = 0; index < 64; index++) {
      const variable = addVariable(file, `VARIABLE_${index}`, {
        data: new Float32Array(70),
        shape: [70],
        scales: ['/levels'],
      });
      variable.create_attribute('long_name', `What variable ${index} stands for`, [], 'S32');
      variable.create_attribute('conventions', 'Argo reference table 7', [], 'S22');
      variable.create_attribute('_FillValue', new Float32Array([99999]), [1], '<f');
      variable.create_attribute('resolution', 0.001, [], '<d');
    }
  });
}

function node(script: string, path: string): string[] {
  return [process.execPath, '--input-type=module', '-e', script, path];
}

function shell(script: string, path: string): string[] {
  return ['bash', '-c', script, path];
}
