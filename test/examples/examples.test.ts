import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ROOT } from '../support/root.ts';
import { makeSamples } from '../support/samples.ts';

const MAX_LINES = 30;

/** What each example is started with (`SAMPLES` is a folder of sample files), and what it has to print. */
const EXAMPLES: Readonly<Record<string, { readonly args?: readonly string[]; readonly prints: RegExp }>> = {
  'custom-format': { prints: /^gain = 1\.5$/m },
  'custom-sink': { args: ['SAMPLES/dicom/ct-1.dcm'], prints: /^file 1\n[\s\S]*^end 1\nnever more than \d+ records/m },
  'digest-chunks': {
    args: ['SAMPLES/binary/half-zeros'],
    prints: /^ +0 {2}0\.00$[\s\S]*#{40} 8\.00$[\s\S]*^sha256 [0-9a-f]{64}$/m,
  },
  'find-patient': { args: ['SAMPLES/dicom', 'Ada'], prints: /ct-1\.dcm$/m },
  'highland-gzip': {
    args: ['SAMPLES/fits/sky.fits', 'SAMPLES/fields.gz'],
    prints: /^wrote .*fields\.gz\n\d{4,} bytes came back$/m,
  },
  'load-database': {
    args: ['SAMPLES/dicom', 'SAMPLES/archive.sqlite', 'SAMPLES/failed.ndjson'],
    // Node 20 has no SQLite of its own.
    prints: /^\d+ files loaded, 0 were there already|npm install better-sqlite3/m,
  },
  'small-memory': {
    args: ['SAMPLES/dicom', 'SAMPLES/dicom.ndjson.gz'],
    prints: /^\d+ records of \d+ files, \d+ of them not whole\nat most [\d.]+ [KM]iB in flight/m,
  },
  'watch-memory': {
    args: ['SAMPLES/fits/sky.fits'],
    prints: /^(normal|elevated): [\d.]+ MiB\n[\s\S]*^\d+ records\npeak [\d.]+ MiB, on average [\d.]+ MiB$/m,
  },
  'web-streams': { args: ['SAMPLES/dicom/ct-1.dcm'], prints: /^\d{3} characters of names\na\nb$/m },
  'memory-report': {
    args: ['SAMPLES/dicom/ct-1.dcm'],
    prints:
      /^status: \w+, \d+ MiB available, \d+ used$[\s\S]*^dicom +1 +0 [\s\S]*^problematic: 0 [\s\S]*^strategy: \w+$[\s\S]*^held back \d+ times, leak suspected: false$[\s\S]*^lost leases: 0, pool: \{"allocations":0[\s\S]*^forced collection: (true|false), peak of RSS known: true$/m,
  },
  'one-file': {
    args: ['SAMPLES/dicom/ct-1.dcm'],
    prints: /^00100010 PatientName = "Ångström\^Ada"$[\s\S]*^ok, 36 records$/m,
  },
};

let samples: string;
test.before(async () => {
  samples = await makeSamples();
});
test.after.always(() => rmSync(samples, { recursive: true, force: true }));

for (const [name, { args = [], prints }] of Object.entries(EXAMPLES)) {
  test(`examples/${name}.ts runs`, (t) => {
    const script = join(ROOT, 'build/examples', `${name}.js`);
    const given = args.map((arg) => arg.replace('SAMPLES', samples));
    const output = execFileSync(process.execPath, [script, ...given], {
      cwd: samples,
      encoding: 'utf8',
      timeout: 120_000,
    });
    t.regex(output, prints);
  });
}

test(`every example is run, answers a question in its first line, and has at most ${MAX_LINES} lines`, (t) => {
  const names = readdirSync(join(ROOT, 'examples')).map((name) => name.replace(/\.ts$/, ''));
  t.deepEqual(names.sort(), Object.keys(EXAMPLES).sort());
  for (const name of names) {
    const lines = readFileSync(join(ROOT, 'examples', `${name}.ts`), 'utf8')
      .trimEnd()
      .split('\n');
    t.true(lines.length <= MAX_LINES, `${name}: ${lines.length} lines`);
    t.regex(lines[0]!, /^\/\*\* .*\?/, name);
  }
});
