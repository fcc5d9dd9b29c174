import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { openFile } from '../../src/bytes/file-input.ts';
import { readOpened } from '../../src/formats/read-any.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { runs } from '../support/runs.ts';

// Files that the reference library writes at random, held against what the reference finds in them: what no corpus has

interface Difference {
  readonly what: string;
  readonly path: string;
  readonly got?: unknown;
}
interface Expected {
  readonly file: string;
  readonly error?: string;
  readonly facts: readonly { readonly path: string }[];
}
type CompareFile = (facts: readonly object[], records: readonly object[], format: string) => readonly Difference[];

const CORPUS = process.env.TIDEGATE_CORPUS ?? resolve('../shared/corpus');
const PYTHON = ['/usr/bin/python3', 'python3'];
const NC_TYPES = /^(byte|char|short|int|float|double|ubyte|ushort|uint|int64|uint64|string)$/;
const COUNT = runs(40);

/** What a format needs of Python, and where its reference does not say what the record contract asks for. */
const FORMATS: readonly {
  readonly name: 'hdf5' | 'netcdf' | 'fits' | 'dicom';
  readonly packages: string;
  readonly fact?: <F extends { readonly path: string }>(fact: F) => F;
  readonly isContract?: (difference: Difference) => boolean;
}[] = [
  { name: 'hdf5', packages: 'h5py' },
  {
    name: 'netcdf',
    packages: 'netCDF4',
    // the attributes of a group: `/group@title`
    fact: (fact) => ({ ...fact, path: fact.path.replace(/(.)\/@/, '$1@') }),
    // a variable of a user type: its name, where netCDF4 tells that of its elements
    isContract: ({ what, got }) => what === 'dtype' && !NC_TYPES.test(String(got)),
  },
  { name: 'fits', packages: 'astropy' },
  { name: 'dicom', packages: 'pydicom' },
];

/** A Python that has the package and the reference, or why there is none. */
function findPython(packages: string): string | undefined {
  if (!existsSync(join(CORPUS, 'oracle.py'))) return undefined;
  return PYTHON.find((python) => spawnSync(python, ['-c', `import ${packages}`], { timeout: 60_000 }).status === 0);
}

function python(command: string, args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    timeout: 200_000,
  });
  if (status !== 0) throw new Error(stderr.slice(-2000));
  return stdout;
}

async function recordsOf(path: string): Promise<ExtractionRecord[]> {
  const records: ExtractionRecord[] = [];
  const input = openFile(path, { isSync: true });
  for await (const batch of await readOpened(input)) records.push(...batch);
  await input.close();
  return records;
}

for (const { name, packages, fact, isContract } of FORMATS) {
  test.serial(`${name} files that ${packages} writes at random say what it finds in them`, async (t) => {
    t.timeout(600_000);
    const command = findPython(packages);
    if (!command) {
      t.log(`no python3 with ${packages}, or no reference at ${CORPUS}: nothing compared`);
      t.pass();
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-random-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    python(command, [resolve('test/corpus/random', `${name}.py`), folder, '0', String(COUNT)]);
    const paths = readdirSync(folder).map((file) => join(folder, file));
    t.true(paths.length > COUNT / 2);
    const { compareFile } = (await import(pathToFileURL(join(CORPUS, 'compare.mjs')).href)) as {
      compareFile: CompareFile;
    };
    for (const line of python(command, [join(CORPUS, 'oracle.py'), name, ...paths])
      .trimEnd()
      .split('\n')) {
      const { file, error, facts }: Expected = JSON.parse(line);
      if (error !== undefined) continue;
      const differences = compareFile(fact ? facts.map(fact) : facts, await recordsOf(file), name);
      t.deepEqual(
        differences.filter((difference) => !isContract?.(difference)),
        [],
        file,
      );
    }
    t.log(`${paths.length} files`);
  });
}
