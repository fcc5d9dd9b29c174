import { readFileSync } from 'node:fs';
import test from 'ava';
import { loadedModules } from '../support/loaded-modules.ts';
import { ROOT } from '../support/root.ts';
import { importsOf } from './source-tree.ts';

const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
/** The entries of single formats are their readers; whoever imports one wants it. */
const FORMATS = ['./dicom', './fits', './hdf5', './netcdf'];
const entries = Object.keys(manifest.exports).filter((entry) => !['./package.json', ...FORMATS].includes(entry));
const optionalPeers = Object.keys(manifest.peerDependenciesMeta);

const isReader = (url: string) => /\/build\/src\/formats\/[^/]+\/(?!format\.js$)/.test(url);
const packageOf = (url: string) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];

for (const entry of entries) {
  test(`import '${entry.replace('.', 'tidegate')}' loads no format reader and no package but rxjs`, (t) => {
    const urls = loadedModules(`await import('${entry.replace('.', 'tidegate')}')`);
    t.true(
      urls.some((url) => url.includes('/build/src/')),
      'the entry itself was loaded',
    );
    t.deepEqual(
      urls.filter((url) => isReader(url) && !isOwnIdea(url)),
      [],
    );
    const packages = new Set(urls.map(packageOf).filter((name) => name !== undefined));
    packages.delete('rxjs');
    packages.delete('tslib'); // rxjs 7 needs it
    t.deepEqual([...packages], []);
  });
}

/** What a descriptor needs to judge a head: small, ours, and free of imports that are not. */
function isOwnIdea(url: string): boolean {
  const path = url.replace(/^file:\/\//, '');
  const text = readFileSync(path, 'utf8');
  return !path.endsWith('/reader.js') && importsOf('x', text).every(({ specifier }) => specifier.startsWith('.'));
}

test('optional packages are imported on first use only, and by no static import', (t) => {
  t.true(optionalPeers.length > 0);
  for (const url of loadedModules(`await import('tidegate')`)) {
    if (url.includes('/build/src/')) {
      const text = readFileSync(url.replace(/^file:\/\//, ''), 'utf8');
      const eager = importsOf('x', text).filter(({ isDynamic }) => !isDynamic);
      for (const { specifier } of eager) t.false(optionalPeers.includes(specifier), `${url} imports ${specifier}`);
    }
  }
});

test('this test sees what it is meant to see', (t) => {
  const urls = loadedModules(
    `const { formatNamed } = await import('tidegate'); await formatNamed('binary').load(); await import('highland')`,
  );
  t.true(urls.some(isReader));
  t.true(urls.map(packageOf).includes('highland'));
});
