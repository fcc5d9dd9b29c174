import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { openFile } from '../../src/bytes/file-input.ts';
import type { FitsOptions } from '../../src/formats/fits/options.ts';
import { reader } from '../../src/formats/fits/reader.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { KNOWN_DIFFERENCES } from './fits-known.ts';

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const corpus = process.env.TIDEGATE_CORPUS ?? resolve(checkout, '../shared/corpus');
const SLOW_MS = 2000;

interface Expected {
  readonly file: string;
  readonly error?: string;
  readonly facts?: unknown[];
}
interface Difference {
  readonly what: string;
  readonly path: string;
}
type Compare = (facts: unknown[], records: ExtractionRecord[], format: string) => Difference[];

function expectations(): Expected[] {
  const lines = readFileSync(join(corpus, 'expected-fits.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Expected);
}

async function recordsOf(file: string, options: FitsOptions = {}): Promise<ExtractionRecord[]> {
  const input = openFile(join(corpus, file), { isSync: true });
  try {
    const all: ExtractionRecord[] = [];
    for await (const batch of reader.read(input, options)) all.push(...batch);
    return all;
  } finally {
    await input.close();
  }
}

const isThere = existsSync(join(corpus, 'expected-fits.jsonl'));
// Files whose checksums fitsverify 4.20 finds wrong as well
const OUTDATED_CHECKSUMS = [
  'chandra_time.fits',
  'checksum_false.fits',
  'memtest.fits',
  'header_newlines.fits',
  'validate.fits',
];

function absent(t: ExecutionContext): void {
  t.log(`no corpus at ${corpus}`);
  t.pass();
}

const title = (text: string): string => (isThere ? text : `${text} (skipped: no corpus)`);

test.serial(title('every file with facts agrees with astropy, or is on the list of known differences'), async (t) => {
  if (!isThere) return absent(t);
  const { compareFile } = (await import(pathToFileURL(join(corpus, 'compare.mjs')).href)) as { compareFile: Compare };
  let agreed = 0;
  for (const { file, facts } of expectations()) {
    if (facts === undefined) continue;
    const seen = compareFile(facts, await recordsOf(file), 'fits').map(({ what, path }) => `${what} ${path}`.trim());
    const known = KNOWN_DIFFERENCES[file.replace('files/fits/', '')]?.differences ?? [];
    t.deepEqual(seen, [...known], file);
    if (seen.length === 0) agreed++;
  }
  t.log(`${agreed} files agree, ${Object.keys(KNOWN_DIFFERENCES).length} are known to differ`);
});

test.serial(title('files that astropy cannot read end in time, with good records or an error'), async (t) => {
  if (!isThere) return absent(t);
  for (const { file, facts } of expectations()) {
    if (facts !== undefined) continue;
    const start = cpuMs();
    const all = await recordsOf(file, { pixels: true, rows: true, checksum: true });
    t.true(cpuMs() - start < SLOW_MS, file);
    const end = all.at(-1);
    t.is(end?.kind, 'end', file);
    const errors = all.filter((record) => record.kind === 'issue' && record.severity === 'error');
    t.is(end?.kind === 'end' && end.status !== 'ok', errors.length > 0, file);
    t.false(
      all.some((record) => record.kind === 'issue' && record.code === 'ERR_INTERNAL'),
      file,
    );
  }
});

test.serial(title('all data of all files can be read'), async (t) => {
  if (!isThere) return absent(t);
  for (const { file, facts } of expectations()) {
    if (facts === undefined || KNOWN_DIFFERENCES[file.replace('files/fits/', '')] !== undefined) continue;
    const all = await recordsOf(file, { pixels: true, rows: { values: true }, checksum: true });
    const errors = all.filter((record) => record.kind === 'issue' && record.severity === 'error');
    const isOutdated = OUTDATED_CHECKSUMS.some((name) => file.endsWith(`/${name}`));
    t.deepEqual(
      new Set(errors.map((record) => record.kind === 'issue' && record.code)),
      new Set(isOutdated ? ['ERR_CHECKSUM'] : []),
      file,
    );
  }
});
