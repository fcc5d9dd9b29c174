import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { openFile } from '../../../src/bytes/file-input.ts';
import { pluginsFor } from '../../../src/formats/hdf5/fallback/plugins.ts';
import type { Filter } from '../../../src/formats/hdf5/filter-pipeline.ts';
import { tempFolder } from '../../support/temp.ts';
import { endOf, recordsOf } from './h5-file.ts';

const filter = (id: number, name: string): Filter => ({ id, name, isOptional: false, parameters: [] });

test('a filter that needs a plugin names it, and how to install it, where it is missing', (t) => {
  const absent = (): string => {
    throw new Error('Cannot find package');
  };
  const error = t.throws(() => pluginsFor([filter(2, 'shuffle'), filter(32015, 'zstd')], absent), {
    code: 'ERR_MISSING_PEER',
  });
  t.regex(error!.message, /zstd \(32015\).*npm install --legacy-peer-deps h5wasm-plugins@\^0\.2\.1/);
});

test('only the plugins of the filters at hand are read', (t) => {
  const folder = tempFolder(t);
  mkdirSync(join(folder, 'plugins'));
  writeFileSync(join(folder, 'plugins/libH5Zbz2.so'), 'compiled');
  const found = pluginsFor([filter(1, 'deflate'), filter(307, 'bzip2'), filter(4, 'szip')], () =>
    String(pathToFileURL(join(folder, 'index.mjs'))),
  );
  t.deepEqual(
    found.map(({ fileName, bytes }) => [fileName, String(bytes)]),
    [['libH5Zbz2.so', 'compiled']],
  );
});

const EXAMPLES = 'files/hdf5/HDFGroup+hdf5-examples/C/H5FLT/tfiles';

for (const name of ['lz4', 'blosc', 'bzip2']) {
  test(`the filter ${name} is undone by its plugin, where that is installed`, async (t) => {
    const corpus = process.env.TIDEGATE_CORPUS;
    if (corpus === undefined) {
      t.log('no corpus: TIDEGATE_CORPUS is not set');
      return t.pass();
    }
    const input = openFile(join(corpus, EXAMPLES, `h5ex_d_${name}.h5`));
    const records = await recordsOf(input, { slices: { values: true } });
    await input.close();
    const issue = records.find((record) => record.kind === 'issue');
    if (issue?.code === 'ERR_MISSING_PEER') {
      t.log(issue.message);
      t.is(endOf(records).status, 'partial');
      return;
    }
    t.is(endOf(records).status, 'ok');
    // What the program that wrote these files puts at row i, column j.
    for (const record of records) {
      if (record.kind !== 'sample') continue;
      const { start, shape, values } = record.value as { start: number[]; shape: number[]; values: number[] };
      const expected = values.map((_, at) => {
        const [row, column] = [start[0]! + Math.floor(at / shape[1]!), start[1]! + (at % shape[1]!)];
        return row * column - column;
      });
      t.deepEqual(values, expected);
    }
  });
}
