import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ROOT } from '../support/root.ts';
import { exportedNames } from './source-tree.ts';

const FLOORS = ['src/sources', 'src/operators', 'src/sinks'];
const ENTRIES = ['src/index.ts', 'src/testing/index.ts', ...FLOORS.map((floor) => `${floor}/index.ts`)];
const BULLETS = ['Emits', 'Waits', 'Holds', 'Fails'];

for (const floor of FLOORS) {
  test(`every exported function of ${floor} documents what it ${BULLETS.join(', ').toLowerCase()}`, (t) => {
    const functions = exportedNames(`${floor}/index.ts`).filter(({ path, name }) => isFunction(path, name));
    t.true(functions.length > 0, `${floor} has no exported function`);
    const missing = functions.flatMap(({ name, path }) => {
      const text = docstring(path, name);
      const bullets = BULLETS.filter((bullet) => !text?.includes(` * - ${bullet}:`));
      return bullets.length === 0 ? [] : [`${path}: ${name} lacks ${bullets.join(', ')}`];
    });
    t.deepEqual(missing, []);
  });
}

test('every exported name of the entries has a docstring', (t) => {
  const missing = ENTRIES.flatMap(exportedNames).filter(({ path, name }) => docstring(path, name) === undefined);
  t.deepEqual(
    missing.map(({ path, name }) => `${path}: ${name}`),
    [],
  );
});

function isFunction(path: string, name: string): boolean {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return new RegExp(`^export (?:async )?(?:function\\*? ${name}\\b|const ${name}\\b[^;]*?=>)`, 'm').test(text);
}

/** The comment in front of a declaration, of the first of several overloads. */
function docstring(path: string, name: string): string | undefined {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const declaration = new RegExp(`^export (?:[a-z*]+ )+${name}\\b`, 'm').exec(text);
  return /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n$/.exec(text.slice(0, declaration?.index))?.[0];
}

test('this test sees what it is meant to see', (t) => {
  const names = exportedNames('src/index.ts');
  t.like(
    names.find(({ name }) => name === 'detect'),
    { path: 'src/formats/detect.ts', isType: false },
  );
  t.like(
    names.find(({ name }) => name === 'Format'),
    { path: 'src/formats/format.ts', isType: true },
  );
  t.true(isFunction('src/formats/detect.ts', 'detect'));
  t.false(isFunction('src/errors.ts', 'TidegateError'));
  t.regex(docstring('src/formats/detect.ts', 'detect')!, /@example/);
});
