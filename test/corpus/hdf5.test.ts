import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { openFile } from '../../src/bytes/file-input.ts';
import { isPromise } from '../../src/bytes/input.ts';
import { FallbackDecoder } from '../../src/formats/hdf5/fallback/decoder.ts';
import { memoryType } from '../../src/formats/hdf5/fallback/memory-type.ts';
import { Hdf5File } from '../../src/formats/hdf5/file.ts';
import { hdf5Format } from '../../src/formats/hdf5/format.ts';
import { InflateBudget } from '../../src/formats/hdf5/inflate-budget.ts';
import { isNumeric, numberArray } from '../../src/formats/hdf5/number-array.ts';
import { isOwnWork, readSlabs } from '../../src/formats/hdf5/slabs.ts';
import { Walk } from '../../src/formats/hdf5/walk.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { endOf, facts, recordsOf, SlowInput } from '../formats/hdf5/h5-file.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { runs } from '../support/runs.ts';

interface Expected {
  readonly file: string;
  readonly error?: string;
  readonly facts: readonly object[];
}
type CompareFile = (facts: readonly object[], records: readonly object[], format: string) => readonly object[];

const CORPUS = process.env.TIDEGATE_CORPUS ?? resolve('../shared/corpus');
/** Files where the reference is wrong, with the reason. */
const DIFFERENCES = JSON.parse(readFileSync('test/corpus/hdf5-differences.json', 'utf8')) as Record<string, string>;

function expectedFiles(t: ExecutionContext): Expected[] {
  const path = join(CORPUS, 'expected-hdf5.jsonl');
  if (existsSync(path))
    return readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  t.log(`no corpus at ${CORPUS}: nothing compared`);
  t.pass();
  return [];
}

test('the files of the corpus say what the reference finds, apart from a list with reasons', async (t) => {
  const expected = expectedFiles(t);
  if (expected.length === 0) return;
  const { compareFile } = (await import(pathToFileURL(join(CORPUS, 'compare.mjs')).href)) as {
    compareFile: CompareFile;
  };
  const differing: string[] = [];
  for (const { file, facts: known, error } of expected) {
    const input = openFile(join(CORPUS, file), { isSync: true });
    const start = cpuMs();
    const records = await recordsOf(input);
    t.true(cpuMs() - start < 2000, file);
    input.close();
    if (error === undefined && compareFile(known, records, 'hdf5').length > 0) differing.push(file);
  }
  t.deepEqual(differing.sort(), Object.keys(DIFFERENCES).sort());
  t.log(`${expected.length - differing.length} of ${expected.length} files agree, ${differing.length} are listed`);
});

test('each file of the corpus is found to be HDF5, and says the same when every read is waited for', async (t) => {
  for (const { file } of expectedFiles(t)) {
    const bytes = readFileSync(join(CORPUS, file));
    t.is(hdf5Format.likelihood(bytes.subarray(0, 4096)), 1, file);
    if (bytes.length > 500_000) continue;
    const later = facts(await recordsOf(new SlowInput(bytes), { cacheBytes: 65_536 }));
    t.deepEqual(later, facts(await recordsOf(bytes)), file);
  }
});

test('numbers of the corpus are those that the HDF5 library reads', async (t) => {
  let compared = 0;
  const expected = expectedFiles(t);
  // A worker for each file takes its time.
  const step = Math.ceil(expected.length / runs(expected.length));
  for (const { file, error } of expected.filter((_, index) => index % step === 0)) {
    const path = join(CORPUS, file);
    if (error !== undefined || statSync(path).size > 2_000_000) continue;
    compared += await compareNumbers(t, path);
  }
  t.log(`${compared} slabs compared`);
});

/** Every slab of every numeric dataset by both readers. */
async function compareNumbers(t: ExecutionContext, path: string): Promise<number> {
  const input = openFile(path, { isSync: true });
  const file = await Hdf5File.open(input);
  const library = new FallbackDecoder(input, { timeoutMs: 20_000, memoryBytes: 256 * 2 ** 20 }, undefined);
  const limits = { maxChunkBytes: 2 ** 26, inflate: new InflateBudget(10_000, 2 ** 30), signal: undefined };
  const walk = new Walk(file);
  let compared = 0;
  for (;;) {
    const step = file.run(() => walk.next());
    const visit = isPromise(step) ? await step : step;
    if (visit === undefined) break;
    for (const { path: name, object } of visit ? [visit] : []) {
      if (object?.kind !== 'dataset' || !isNumeric(object.type) || !isOwnWork(object)) continue;
      // Not followed; and a filter of h5py, which the library alone does not have.
      if (object.externalPieces.length > 0 || object.filters.some((filter) => filter.name === 'lzf')) continue;
      let slabs = 0;
      for await (const slab of readSlabs(file, object, limits)) {
        if (++slabs > 3) break;
        const other = await library.read(name, slab.region, object.type.sizeBytes);
        const own = numberArray(slab.bytes, object.type);
        const theirs = numberArray(other, memoryType(object.type) as typeof object.type);
        t.deepEqual(own, theirs, `${path} ${name} at ${slab.region.start}`);
        compared++;
      }
    }
  }
  await library.close();
  input.close();
  return compared;
}

test('mutated and cut files of the corpus end within 2 seconds, and no defect of the reader shows', async (t) => {
  const expected = expectedFiles(t).filter(({ file }) => statSync(join(CORPUS, file)).size < 100_000);
  if (expected.length === 0) return;
  let seed = 11;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x80000000;
  };
  for (let run = 0; run < runs(10_000); run++) {
    const { file } = expected[run % expected.length]!;
    const original = readFileSync(join(CORPUS, file));
    const bytes = Buffer.from(random() < 0.2 ? original.subarray(0, random() * original.length) : original);
    for (let change = Math.floor(random() * 8); change > 0; change--) {
      bytes[Math.floor(random() * bytes.length)] = random() < 0.3 ? 0xff : Math.floor(random() * 256);
    }
    const { records, elapsedMs } = await timed(bytes);
    // The machine may be busy: what is slow must be slow again.
    const isSlow = elapsedMs > 2000 && (await timed(bytes)).elapsedMs > 2000;
    const isDefect = records.some((record) => record.kind === 'issue' && record.code === 'ERR_INTERNAL');
    if (isSlow || isDefect || endOf(records).kind !== 'end') t.fail(`${file}, run ${run}: ${elapsedMs} ms`);
  }
  t.pass();
});

async function timed(bytes: Buffer): Promise<{ records: ExtractionRecord[]; elapsedMs: number }> {
  const start = cpuMs();
  const records = await recordsOf(bytes, { slices: true, fallback: false });
  return { records, elapsedMs: cpuMs() - start };
}
