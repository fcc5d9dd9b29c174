import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { tempFile } from '../support/temp.ts';

const BIN = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));
// CDF-1: no records, no dimensions, one attribute `title` of type char, no variables.
const CDF = Buffer.from(
  '434446010000000000000000000000000000000c00000001000000057469746c6500000000000002000000026869000000000000' +
    '00000000',
  'hex',
);

test('cdl prints the header of a NetCDF file', (t) => {
  const path = tempFile(t, CDF, 'air.nc');
  const expected = 'netcdf air {\n\n// global attributes:\n\t\t:title = "hi" ;\n}\n';
  t.is(execFileSync(process.execPath, [BIN, 'cdl', path], { encoding: 'utf8' }), expected);
});

test('cdl prints what ncdump -h prints', (t) => {
  if (spawnSync('ncdump').error) return t.pass('there is no ncdump here');
  const folder = join(process.env.TIDEGATE_CORPUS ?? '../shared/corpus', 'files/netcdf');
  const paths: string[] = [];
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (/\.nc$/.test(name)) paths.push(join(folder, name));
  } catch {
    return t.pass('there is no corpus here');
  }
  for (const path of paths.slice(0, 5)) {
    const ours = spawnSync(process.execPath, [BIN, 'cdl', path]).stdout;
    const theirs = spawnSync('ncdump', ['-h', path]).stdout;
    t.true(ours.equals(theirs), path);
  }
});

test('cdl says what is wrong with what is no NetCDF file', (t) => {
  const { status, stderr } = spawnSync(process.execPath, [BIN, 'cdl', tempFile(t, 'nonsense')], { encoding: 'utf8' });
  t.is(status, 1);
  t.regex(stderr, /^tidegate: Cannot/);
  t.is(spawnSync(process.execPath, [BIN, 'cdl']).status, 2);
});
