import test from 'ava';
import { importsOf, sourceFiles, withoutComments } from './source-tree.ts';

/** From the cellar up: a file imports from its own floor's folder or from the lines above it. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors.ts', 'units.ts', 'options.ts', 'records.ts', 'json-value.ts'],
  ['memory'],
  ['bytes'],
  ['formats'],
  ['flow'],
  ['profile'],
  ['sources', 'operators', 'sinks'],
  ['batch'],
  ['distributed'],
  ['dashboard'],
  ['cli'],
];
/** The doors of the house, which only name what is inside. */
const DOORS = ['index.ts', 'testing'];

const roomOf = (path: string) => path.split('/')[1]!;
const floorOf = (path: string) => FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));

const files = sourceFiles();

test('every file stands on a known floor', (t) => {
  const homeless = files.filter(({ path }) => floorOf(path) < 0 && !DOORS.includes(roomOf(path)));
  t.deepEqual(
    homeless.map(({ path }) => path),
    [],
  );
});

test('a file imports from its own folder or from the floors below it', (t) => {
  const wrong: string[] = [];
  for (const { path, imports } of files) {
    if (DOORS.includes(roomOf(path))) continue;
    for (const line of imports) {
      if (line.path === undefined || roomOf(line.path) === roomOf(path)) continue;
      // The cellar is one room of several files.
      const isBelow = floorOf(line.path) < floorOf(path) || (floorOf(path) === 0 && floorOf(line.path) === 0);
      if (floorOf(line.path) < 0 || !isBelow) wrong.push(`${path} imports ${line.path}`);
    }
  }
  t.deepEqual(wrong, []);
});

test('formats are plain code: no rxjs, no file system; rxjs begins at flow', (t) => {
  const wrong: string[] = [];
  for (const { path, imports } of files) {
    for (const { specifier, isTypeOnly } of imports) {
      if (/^rxjs(\/|$)/.test(specifier) && floorOf(path) < floorOf('src/flow') && !DOORS.includes(roomOf(path))) {
        wrong.push(`${path} imports ${specifier}`);
      }
      if (/^(node:)?fs(\/|$)/.test(specifier) && roomOf(path) === 'formats' && !isTypeOnly) {
        wrong.push(`${path} imports ${specifier}`);
      }
    }
  }
  t.deepEqual(wrong, []);
});

/** Loads what an optional package depends on from where that package is: the place is known at run time only. */
const COMPUTED_IMPORTS: Readonly<Record<string, number>> = { 'src/formats/media/tags/music-metadata.ts': 1 };

test('every relative import leads to a file, every dynamic one is spelt out', (t) => {
  const paths = new Set(files.map(({ path }) => path));
  for (const { path, text, imports } of files) {
    for (const line of imports) if (line.path !== undefined) t.true(paths.has(line.path), `${path}: ${line.specifier}`);
    const calls = (withoutComments(text).match(/\bimport\(/g)?.length ?? 0) - (COMPUTED_IMPORTS[path] ?? 0);
    const spelt = imports.filter(({ isDynamic }) => isDynamic).length;
    t.is(calls, spelt, `${path}: an import() of something that is computed`);
  }
});

test('no file imports itself by way of others', (t) => {
  t.deepEqual(cyclesOf(new Map(files.map(({ path, imports }) => [path, targets(imports)]))), []);
});

test('no format folder needs another that needs it', (t) => {
  const folders = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = formatFolder(path);
    if (from === undefined) continue;
    const to = targets(imports).map(formatFolder);
    folders.set(from, new Set([...(folders.get(from) ?? []), ...to.filter((folder) => folder !== undefined)]));
  }
  for (const [folder, to] of folders) to.delete(folder);
  t.deepEqual(cyclesOf(folders), []);
});

function formatFolder(path: string): string | undefined {
  return /^src\/formats\/([^/]+)\//.exec(path)?.[1];
}

// A format's descriptor loads its reader, which names the descriptor: that is a wait, not a cycle.
function targets(imports: (typeof files)[number]['imports']): string[] {
  return imports.filter(({ isDynamic }) => !isDynamic).flatMap(({ path }) => path ?? []);
}

/** Each cycle once, as `a -> b -> a`. */
function cyclesOf(graph: ReadonlyMap<string, Iterable<string>>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (node: string, trail: readonly string[]): void => {
    if (trail.includes(node)) {
      cycles.push([...trail.slice(trail.indexOf(node)), node].join(' -> '));
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}

test('this test sees what it is meant to see', (t) => {
  const text = `import { a } from './a.ts';
import type {
  B,
} from '../b/b.ts';
import './c.ts';
export * from 'rxjs';
export { d } from './d.ts';
/**
 * import { no } from './no.ts';
 */
// import('./no.ts')
const text = "from './no.ts'";
const e = await import('./e.ts');
type F = import('./f.ts').F;
let g: typeof import('g');
`;
  t.deepEqual(
    importsOf('src/x/y.ts', text).map(({ specifier, path, isDynamic, isTypeOnly }) => [
      specifier,
      path,
      isDynamic,
      isTypeOnly,
    ]),
    [
      ['./a.ts', 'src/x/a.ts', false, false],
      ['../b/b.ts', 'src/b/b.ts', false, true],
      ['./c.ts', 'src/x/c.ts', false, false],
      ['rxjs', undefined, false, false],
      ['./d.ts', 'src/x/d.ts', false, false],
      ['./e.ts', 'src/x/e.ts', true, false],
      ['./f.ts', 'src/x/f.ts', true, true],
      ['g', undefined, true, true],
    ],
  );
  t.deepEqual(cyclesOf(new Map(Object.entries({ a: ['b'], b: ['c', 'd'], c: ['a'], d: [] }))), ['a -> b -> c -> a']);
});
