import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { openFile } from '../../src/bytes/file-input.ts';
import { MemoryInput } from '../../src/bytes/memory-input.ts';
import { dicomFormat } from '../../src/formats/dicom/format.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { random } from '../formats/dicom/random-values.ts';
import { pipeOf, readInput } from '../formats/dicom/read-dicom.ts';

interface Expected {
  readonly file: string;
  readonly error?: string;
  readonly facts: readonly object[];
}
type CompareFile = (facts: readonly object[], records: readonly object[], format: string) => readonly object[];

const CORPUS = process.env.TIDEGATE_CORPUS ?? resolve('../shared/corpus');
const EXPECTED = join(CORPUS, 'expected-dicom.jsonl');
const DIFFERENCES = JSON.parse(readFileSync('test/corpus/dicom-differences.json', 'utf8')) as Record<string, string>;
const isCi = process.env.TIDEGATE_TEST_RUNS === 'ci';

function expectedFiles(t: ExecutionContext): Expected[] {
  if (existsSync(EXPECTED))
    return readFileSync(EXPECTED, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  t.log(`no corpus at ${CORPUS}: nothing compared`);
  t.pass();
  return [];
}

async function recordsOf(t: ExecutionContext, file: string): Promise<ExtractionRecord[]> {
  return readInput(t, openFile(join(CORPUS, file), { isSync: true }));
}

test('the files of the corpus say what the reference finds, apart from a list with reasons', async (t) => {
  const expected = expectedFiles(t);
  if (expected.length === 0) return;
  const { compareFile } = (await import(pathToFileURL(join(CORPUS, 'compare.mjs')).href)) as {
    compareFile: CompareFile;
  };
  const differing: string[] = [];
  for (const { file, facts, error } of expected) {
    const records = await recordsOf(t, file);
    if (error === undefined && compareFile(facts, records, 'dicom').length > 0) differing.push(file);
  }
  t.deepEqual(differing.sort(), Object.keys(DIFFERENCES).sort());
  t.log(`${expected.length - differing.length} of ${expected.length} files agree, ${differing.length} are listed`);
});

test('each file of the corpus is found to be DICOM', (t) => {
  for (const { file } of expectedFiles(t)) {
    if (file.endsWith('.gz') || file.endsWith('/no_meta.dcm')) continue;
    t.true(dicomFormat.likelihood(readFileSync(join(CORPUS, file)).subarray(0, 4096)) > 0, file);
  }
});

test('a gzipped file of the corpus says what the file inside says', async (t) => {
  const strip = (records: readonly ExtractionRecord[]) =>
    records.filter((r) => r.kind === 'field').map(({ file: _file, offset: _offset, ...rest }) => rest);
  for (const { file } of expectedFiles(t).filter((expected) => expected.file.endsWith('.gz'))) {
    const plain = await readInput(t, new MemoryInput(gunzipSync(readFileSync(join(CORPUS, file)))));
    t.deepEqual(strip(await recordsOf(t, file)), strip(plain));
  }
});

test('files of the corpus say the same over a pipe', async (t) => {
  const strip = (records: readonly ExtractionRecord[]) => records.slice(1, -1).map(({ file: _file, ...rest }) => rest);
  for (const [index, { file }] of expectedFiles(t).entries()) {
    if (!isCi && index % 8 !== 0) continue;
    const bytes = readFileSync(join(CORPUS, file));
    t.deepEqual(strip(await readInput(t, pipeOf(bytes, 3000))), strip(await recordsOf(t, file)), file);
  }
});

test('mutated files of the corpus end with records, within 2 seconds each', async (t) => {
  const next = random(7);
  const expected = expectedFiles(t);
  for (const [index, { file }] of expected.entries()) {
    if (!isCi && index % 4 !== 0) continue;
    const original = readFileSync(join(CORPUS, file));
    for (let run = 0; run < 5; run++) {
      const bytes = Buffer.from(
        original.subarray(0, run === 0 ? Math.floor(next() * original.length) : original.length),
      );
      for (let i = 0; i < run * 3; i++)
        bytes[Math.floor(next() * Math.min(bytes.length, 5000))] = Math.floor(next() * 256);
      const start = performance.now();
      await readInput(t, new MemoryInput(bytes));
      t.true(performance.now() - start < 2000, file);
    }
  }
});
