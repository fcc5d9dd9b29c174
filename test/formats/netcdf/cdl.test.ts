import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { cdl, cdlBytes } from '../../../src/formats/netcdf/cdl.ts';
import { cdlReal } from '../../../src/formats/netcdf/cdl-number.ts';
import { datasetName, escapeName, quoteText } from '../../../src/formats/netcdf/cdl-text.ts';
import { type ClassicContent, classicFile } from './classic-file.ts';
import { PipeInput } from './read.ts';

async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

const CONTENT: ClassicContent = {
  recordCount: 2,
  dimensions: [
    ['x', 3],
    ['time', 0],
    ['1 st', 2],
  ],
  attributes: [
    ['title', 'char', 'first\nsecond "quoted" \\ \t\x01\0\0'],
    ['none', 'int', []],
    ['floats', 'float', [0.1, 1e10, -3, Number.NaN, Number.NEGATIVE_INFINITY]],
    ['doubles', 'double', [0.1, 1e100, 123456789.125, Number.POSITIVE_INFINITY]],
    ['Grüße', 'char', 'ä'],
  ],
  variables: [
    {
      name: 'temp',
      type: 'short',
      dimensions: [1, 0],
      values: [1, 2, 3, 4, 5, 6],
      attributes: [['a', 'byte', [1, -2]]],
    },
    { name: 'data', type: 'char', dimensions: [2], values: 'ab', attributes: [['b', 'short', [7]]] },
  ],
};

test('the header of a classic file is printed as ncdump -h prints it', async (t) => {
  const expected = `netcdf weather {
dimensions:
\tx = 3 ;
\ttime = UNLIMITED ; // (2 currently)
\t\\1\\ st = 2 ;
variables:
\tshort temp(time, x) ;
\t\ttemp:a = 1b, -2b ;
\tchar data(\\1\\ st) ;
\t\tdata :b = 7s ;

// global attributes:
\t\t:title = "first\\n",
\t\t\t"second \\"quoted\\" \\\\ \\t\\001" ;
\t\t:none = "" ;
\t\t:floats = 0.1f, 1.e+10f, -3.f, NaNf, -Infinityf ;
\t\t:doubles = 0.1, 1.e+100, 123456789.125, Infinity ;
\t\t:Grüße = "ä" ;
}
`;
  t.is(await textOf(cdl(new MemoryInput(classicFile(CONTENT), { name: '/some/where/weather.nc' }))), expected);
  t.is(await textOf(cdl(new PipeInput(classicFile(CONTENT), 5), { name: 'weather' })), expected);
});

test('empty sections are left out', async (t) => {
  t.is(await textOf(cdl(new MemoryInput(classicFile({})), { name: 'empty' })), 'netcdf empty {\n}\n');
});

test('the suffix of a number tells its type', async (t) => {
  const attributes = [
    ['a', 'ubyte', [1]],
    ['b', 'ushort', [2]],
    ['c', 'uint', [3]],
    ['d', 'int64', [-(2n ** 63n)]],
    ['e', 'uint64', [2n ** 64n - 1n]],
  ] as const;
  const text = await textOf(cdl(new MemoryInput(classicFile({ version: 5, attributes }))));
  for (const value of ['1UB', '2US', '3U', '-9223372036854775808LL', '18446744073709551615ULL']) {
    t.true(text.includes(` = ${value} ;`), value);
  }
});

test('bytes that are not UTF-8 are printed as they are', async (t) => {
  const file = classicFile({ attributes: [['degree', 'char', Buffer.from([0xb0])]] });
  const parts: Buffer[] = [];
  for await (const part of cdlBytes(new MemoryInput(file))) parts.push(part);
  t.true(Buffer.concat(parts).includes(Buffer.from([0x22, 0xb0, 0x22])));
});

test('values that are too long to be held are printed piece by piece', async (t) => {
  const text = `${'a"'.repeat(600_000)}\0\0\0z\0\0`;
  const numbers = Array.from({ length: 40_000 }, (_, index) => index);
  const attributes = [
    ['text', 'char', text],
    ['numbers', 'short', numbers.map((value) => value % 1000)],
  ] as const;
  const printed = await textOf(cdl(new MemoryInput(classicFile({ attributes }))));
  t.true(printed.includes(` = "${'a\\"'.repeat(600_000)}\\000\\000\\000z" ;`));
  t.true(printed.includes(` = ${numbers.map((value) => `${value % 1000}s`).join(', ')} ;`));
});

test('real numbers are rounded as in C: a tie goes to the even digit', (t) => {
  const cases: readonly [number, number, string][] = [
    [1000000.5, 7, '1000000.'],
    [1000001.5, 7, '1000002.'],
    [999999.95, 7, '999999.9'],
    [9999999.5, 7, '1.e+07'],
    [1234567.25, 8, '1234567.2'],
    [0.0001, 7, '0.0001'],
    [0.00001, 7, '1.e-05'],
    [-0, 7, '-0.'],
    [5e-324, 15, '4.94065645841247e-324'],
    [1.7976931348623157e308, 15, '1.79769313486232e+308'],
    [100, 7, '100.'],
    [123456.7, 7, '123456.7'],
  ];
  for (const [value, digits, expected] of cases) t.is(cdlReal(value, digits), expected);
});

test('names and texts are escaped as ncdump escapes them', (t) => {
  t.is(escapeName('9 lives!'), '\\9\\ lives\\!');
  t.is(escapeName('a\nb'), 'a\\%0ab');
  t.is(escapeName('cut\0here'), 'cut');
  t.is(escapeName('a/b.c-d_e+f@g%h'), 'a/b.c-d_e+f@g%h');
  t.is(quoteText("it's\x7f\v\b", false), '"it\\\'s\\177\\v\\b"');
  t.is(quoteText('a\nb', false), '"a\\nb"');
  t.is(datasetName('/x.y/file.tar.nc'), 'file.tar');
  t.is(datasetName('plain'), 'plain');
});

function ncdump(file: Buffer): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'cdl-'));
  try {
    const path = join(directory, 'weather.nc');
    writeFileSync(path, file);
    return execFileSync('ncdump', ['-h', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('where ncdump is installed, it prints the same', async (t) => {
  for (const version of [1, 2, 5] as const) {
    const file = classicFile({ ...CONTENT, version });
    const expected = ncdump(file);
    if (expected === undefined) {
      t.log('ncdump is not installed');
      return t.pass();
    }
    t.is(await textOf(cdl(new MemoryInput(file), { name: 'weather' })), expected);
  }
});
