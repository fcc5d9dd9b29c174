import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import test from 'ava';
import { ROOT } from '../support/root.ts';

const FLOORS = ['src/sources', 'src/operators', 'src/sinks'];
const BULLETS = ['Emits', 'Waits', 'Holds', 'Fails'];

/** A function that a user calls, with the docstring in front of it (of its first overload). */
interface Exported {
  readonly name: string;
  readonly path: string;
  readonly docstring: string | undefined;
}

for (const floor of FLOORS) {
  test(`every exported function of ${floor} documents what it ${BULLETS.join(', ').toLowerCase()}`, (t) => {
    const functions = exportedFunctions(`${floor}/index.ts`);
    t.true(functions.length > 0, `${floor} has no exported function`);
    const missing = functions.flatMap(({ name, path, docstring }) => {
      const bullets = BULLETS.filter((bullet) => !docstring?.includes(` * - ${bullet}:`));
      return bullets.length === 0 ? [] : [`${path}: ${name} lacks ${bullets.join(', ')}`];
    });
    t.deepEqual(missing, []);
  });
}

test('every exported name of the entries has a docstring', (t) => {
  const missing = ['src/index.ts', 'src/testing/index.ts', ...FLOORS.map((floor) => `${floor}/index.ts`)]
    .flatMap((index) => exportedFunctions(index))
    .filter(({ docstring }) => docstring === undefined)
    .map(({ name, path }) => `${path}: ${name}`);
  t.deepEqual(missing, []);
});

/** The functions that an index names, through `export { x } from` and `export * from`. */
function exportedFunctions(index: string): Exported[] {
  if (!existsSync(join(ROOT, index))) return [];
  const text = readFileSync(join(ROOT, index), 'utf8');
  return [...text.matchAll(/^export\s+(type\s+)?(\*|\{[^}]*\})\s+from\s+'([^']+)'/gm)].flatMap(
    ([, isType, names, specifier]) => {
      const path = posix.join(posix.dirname(index), specifier!);
      if (isType !== undefined) return [];
      if (path.endsWith('/index.ts')) return exportedFunctions(path);
      const all = functionsOf(path);
      if (names === '*') return all;
      const listed = names!
        .slice(1, -1)
        .split(',')
        .map((name) => name.trim().split(/\s+as\s+/)[0]!);
      return all.filter(({ name }) => listed.includes(name));
    },
  );
}

function functionsOf(path: string): Exported[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const seen = new Set<string>();
  return [...text.matchAll(/^export (?:async )?(?:function\*?|const(?= \w+[^;]*=>)) (\w+)/gm)].flatMap((match) => {
    const name = match[1]!;
    if (seen.has(name)) return []; // an overload
    seen.add(name);
    return [{ name, path, docstring: /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n$/.exec(text.slice(0, match.index))?.[0] }];
  });
}

test('this test sees what it is meant to see', (t) => {
  const names = exportedFunctions('src/index.ts').map(({ name }) => name);
  t.true(names.includes('detect'));
  t.true(names.includes('parseBytes'));
  t.false(names.includes('TidegateError'));
});
