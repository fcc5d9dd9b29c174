import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GiB, KiB, MiB } from '../../src/units.ts';
import { classicFile } from '../formats/netcdf/classic-file.ts';
import { nc4File } from '../formats/netcdf/nc4-file.ts';
import { peakRss } from '../support/peak-rss.ts';

const READ_ALL = new URL('./netcdf-metadata.js', import.meta.url);

/** A file with these bytes at its start, and nothing but a hole up to `sizeBytes`. */
function sparseFile(t: ExecutionContext, start: Buffer, sizeBytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'netcdf-bounds-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'sparse.nc');
  const fd = openSync(path, 'w');
  writeSync(fd, start);
  ftruncateSync(fd, sizeBytes);
  closeSync(fd);
  return path;
}

/** The header of a CDF-5 file with one variable of so many bytes. */
function headerOf(dataBytes: number): Buffer {
  const placeholder = classicFile({
    version: 5,
    dimensions: [['x', 12_345]],
    variables: [{ name: 'v', type: 'byte', dimensions: [0], values: [] }],
  });
  const header = placeholder.subarray(0, placeholder.length - 12_348);
  header.writeBigUInt64BE(BigInt(dataBytes), header.indexOf(Buffer.from('\0\0\x30\x39', 'latin1')) - 4);
  return header;
}

test('metadata of a classic file take the same memory, however large it is', async (t) => {
  const peaks: number[] = [];
  for (const sizeBytes of [8 * MiB, 8 * GiB]) {
    const path = sparseFile(t, headerOf(sizeBytes - KiB), sizeBytes);
    const { aboveBareBytes, stdout } = await peakRss(READ_ALL, [path]);
    t.is(stdout.trim(), '4 ok');
    peaks.push(aboveBareBytes);
  }
  t.log(`${peaks.map((bytes) => (bytes / MiB).toFixed(1)).join(' and ')} MiB above bare Node`);
  t.true(peaks[1]! <= 24 * MiB);
  t.true(Math.abs(peaks[1]! - peaks[0]!) <= 4 * MiB);
});

// Nearly all of it is Node loading the modules: 8.7 MiB were seen on Node 20, 9.1 on Node 24.
const HUGE_LIMIT_BYTES = 10 * MiB;

test(`the header of a file of 100 GB costs at most ${HUGE_LIMIT_BYTES / MiB} MiB over a bare Node`, async (t) => {
  const sizeBytes = 100e9;
  let path: string;
  try {
    path = sparseFile(t, headerOf(sizeBytes - KiB), sizeBytes);
  } catch (error) {
    t.log(`no sparse file of 100 GB here: ${(error as Error).message}`);
    t.pass();
    return;
  }
  const { aboveBareBytes, stdout } = await peakRss(READ_ALL, [path]);
  t.is(stdout.trim(), '4 ok');
  t.log(`${(aboveBareBytes / MiB).toFixed(1)} MiB above bare Node`);
  t.true(aboveBareBytes <= HUGE_LIMIT_BYTES);
});

test('a wide classic header is streamed', async (t) => {
  const variables = Array.from({ length: 20_000 }, (_, index) => ({
    name: `variable_${index}`,
    type: 'byte' as const,
    attributes: [['units', 'char', `unit ${index}`]] as const,
    values: [1],
  }));
  const path = sparseFile(t, classicFile({ variables }), 2 * MiB);
  const { aboveBareBytes, stdout } = await peakRss(READ_ALL, [path]);
  t.is(stdout.trim(), '40002 ok');
  t.log(`${(aboveBareBytes / MiB).toFixed(1)} MiB above bare Node`);
  t.true(aboveBareBytes <= 48 * MiB);
});

test('2,000 NetCDF-4 variables with attributes are streamed', async (t) => {
  const bytes = await nc4File((file) => {
    for (let index = 0; index < 2_000; index++) {
      const data = new Float32Array(4);
      const variable = file.create_dataset({ name: `variable_${index}`, data, shape: [4] })!;
      variable.create_attribute('units', `unit ${index}`, [], 'S12');
      variable.create_attribute('range', new Float32Array([0, 1]), [2], '<f');
    }
  });
  const path = sparseFile(t, bytes, bytes.length);
  const { aboveBareBytes, stdout } = await peakRss(READ_ALL, [path]);
  t.is(stdout.trim(), '6003 ok');
  t.log(`${(aboveBareBytes / MiB).toFixed(1)} MiB above bare Node`);
  t.true(aboveBareBytes <= 48 * MiB);
});

test('values of a classic file take the same memory, however many there are', async (t) => {
  const peaks: number[] = [];
  for (const sizeBytes of [8 * MiB, 256 * MiB]) {
    const path = sparseFile(t, headerOf(sizeBytes - KiB), sizeBytes);
    peaks.push((await peakRss(READ_ALL, [path, '{"slices":true}'])).aboveBareBytes);
  }
  t.log(`${peaks.map((bytes) => (bytes / MiB).toFixed(1)).join(' and ')} MiB above bare Node`);
  t.true(peaks[1]! <= 24 * MiB);
});
