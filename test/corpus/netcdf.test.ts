import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { openFile } from '../../src/bytes/file-input.ts';
import { cdlBytes } from '../../src/formats/netcdf/cdl.ts';
import type { NetcdfOptions } from '../../src/formats/netcdf/options.ts';
import { reader } from '../../src/formats/netcdf/reader.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { inTime } from '../formats/netcdf/in-time.ts';
import { KNOWN_DIFFERENCES } from './netcdf-differences.ts';

const CORPUS = process.env.TIDEGATE_CORPUS ?? '../shared/corpus';

interface Expected {
  readonly file: string;
  readonly facts?: readonly object[];
  readonly error?: string;
}
interface Difference {
  readonly what: string;
  readonly path: string;
}
type Compare = (facts: readonly object[], records: readonly object[], format: string) => Difference[];

function expectedFiles(): Expected[] | undefined {
  const list = join(CORPUS, 'expected-netcdf.jsonl');
  if (!existsSync(list)) return undefined;
  return readFileSync(list, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Expected);
}

async function recordsOf(path: string, options: NetcdfOptions): Promise<ExtractionRecord[]> {
  const input = openFile(path, { isSync: true });
  try {
    const records: ExtractionRecord[] = [];
    for await (const batch of reader.read(input, options)) records.push(...batch);
    return records;
  } finally {
    await input.close();
  }
}

const isInternal = (record: ExtractionRecord): boolean => record.kind === 'issue' && record.code === 'ERR_INTERNAL';

function isKnown(file: string, { what, path }: Difference): boolean {
  return KNOWN_DIFFERENCES.some(([files, kind]) => files.test(file) && kind.test(`${what} ${path}`));
}

test('every file of the corpus agrees with the reference, or differs for a reason that is written down', async (t) => {
  const expected = expectedFiles();
  if (expected === undefined) {
    t.log(`no corpus at ${CORPUS}`);
    return t.pass();
  }
  const { compareFile } = (await import(pathToFileURL(join(CORPUS, 'compare.mjs')).href)) as { compareFile: Compare };
  let knownCount = 0;
  for (const { file, facts } of expected) {
    const path = join(CORPUS, file);
    const records = await inTime(file, () => recordsOf(path, {}));
    const withValues = await inTime(file, () => recordsOf(path, { slices: true, cf: true }));
    const internal = [...records, ...withValues].filter(isInternal);
    t.deepEqual(internal, [], file);
    if (facts === undefined) continue;
    const differences = compareFile(facts, records, 'netcdf');
    if (differences.some((difference) => isKnown(file, difference))) knownCount++;
    t.deepEqual(
      differences.filter((difference) => !isKnown(file, difference)),
      [],
      file,
    );
  }
  t.log(`${expected.length} files, ${knownCount} with known differences`);
});

test('the CDL of every file of the corpus is that of ncdump -h, byte for byte', async (t) => {
  const root = join(CORPUS, 'files', 'netcdf');
  if (!existsSync(root) || spawnSync('ncdump').error !== undefined) {
    t.log(`no corpus at ${CORPUS}, or no ncdump`);
    return t.pass();
  }
  let comparedCount = 0;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const expected = spawnSync('ncdump', ['-h', path], { timeout: 20_000 });
    if (expected.status !== 0) continue;
    const parts: Buffer[] = [];
    const input = openFile(path, { isSync: true });
    for await (const part of cdlBytes(input)) parts.push(part);
    await input.close();
    t.is(Buffer.compare(Buffer.concat(parts), expected.stdout), 0, path);
    comparedCount++;
  }
  t.log(`${comparedCount} files compared`);
});
