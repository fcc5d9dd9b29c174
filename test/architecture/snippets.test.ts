import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ROOT } from '../support/root.ts';
import { blocksOf, documentBlocks, examplesOf, type Snippet, sourceExamples } from './snippets.ts';
import { exportedNames } from './source-tree.ts';

/** Where an example of a docstring, which shows no imports, finds its names; the first that has one gives it. */
const OURS = [
  'tidegate',
  'tidegate/sources',
  'tidegate/operators',
  'tidegate/sinks',
  'tidegate/testing',
  'tidegate/dicom',
  'tidegate/fits',
  'tidegate/hdf5',
  'tidegate/netcdf',
];
const OTHERS = ['rxjs', 'node:crypto', 'node:fs/promises', 'node:fs', 'node:stream/promises', 'node:worker_threads'];

/** What a short example may take as given. */
const GIVEN = `
  import type { Observable } from 'rxjs';
  import type { Cursor } from '../src/bytes/cursor.js';
  declare global {
    const cursor: Cursor;
    const files: Observable<string>;
    const mouseMoves: Observable<{ x: number; y: number }>;
    const signal: AbortSignal;
    const stream: AsyncIterable<Uint8Array>;
    const table: { insert(rows: unknown): Promise<void> };
    const urls: Observable<string>;
    function draw(point: { x: number; y: number }): Promise<void>;
    function insertRows(rows: readonly unknown[]): Promise<void>;
    function read(): Promise<void>;
    function readLines(path: string, options: { signal: AbortSignal }): AsyncIterable<string>;
    function upload(item: unknown): Promise<void>;
    function use(bytes: Uint8Array): void;
  }
`;
const GIVEN_NAMES = [...GIVEN.matchAll(/(?:const|function) (\w+)/g)].map(([, name]) => name!);

const FOLDER = join(ROOT, 'build/snippets');
const OPTIONS = {
  extends: '../../tsconfig.json',
  include: [],
  compilerOptions: {
    noEmit: true,
    // Not those of the project: the compiler would take src for build/src.
    rootDir: '.',
    outDir: 'out',
    declaration: false,
    isolatedDeclarations: false,
    allowJs: true,
    checkJs: true,
  },
};

test('every @example and every block of README and docs compiles against the built package', async (t) => {
  t.timeout(120_000);
  const examples = await Promise.all(sourceExamples().map(withImports));
  const snippets = [...examples, ...documentBlocks()];
  t.deepEqual(compileErrors(snippets), []);
  t.log(`${examples.length} examples, ${snippets.length - examples.length} blocks`);
});

test('this test sees what it is meant to see', (t) => {
  const [block] = blocksOf('a.md', 'text\n\n```ts\nconst a: number = 1;\n```\n\n```sh\nls\n```\n');
  t.deepEqual(block, { where: 'a.md:3', language: 'ts', code: 'const a: number = 1;\n' });
  const source =
    '/** No. */\n\n/**\n * Yes.\n *\n * @example\n * ```ts\n * if (a) {\n *   b();\n * }\n * ```\n */\nexport';
  t.deepEqual(examplesOf('a.ts', source), [{ where: 'a.ts:7', language: 'ts', code: 'if (a) {\n  b();\n}\n' }]);
});

/** The snippet behind imports of the exported names that it mentions, unless it has imports of its own. */
async function withImports(snippet: Snippet): Promise<Snippet> {
  if (/^import\b/m.test(snippet.code)) return snippet;
  const missing = new Set(snippet.code.match(/[A-Za-z_$][\w$]*/g));
  for (const [, names] of snippet.code.matchAll(/\b(?:const|let|function|class) (\w+|[{[][^=]*[}\]])/g)) {
    for (const name of names!.match(/\w+/g)!) missing.delete(name);
  }
  for (const name of GIVEN_NAMES) missing.delete(name);
  const lines: string[] = [];
  const take = (entry: string, names: readonly string[]) => {
    const taken = names.filter((name) => missing.delete(name.replace(/^type /, '')));
    if (taken.length > 0) lines.push(`import { ${taken.join(', ')} } from '${entry}';`);
  };
  for (const entry of OURS) {
    const index = `src/${entry.slice('tidegate/'.length)}/index.ts`.replace('//', '/');
    take(
      entry,
      exportedNames(index).map(({ name, isType }) => (isType ? `type ${name}` : name)),
    );
  }
  // What an inner file shows is not for users: it is imported from that file.
  const [path] = snippet.where.split(':') as [string];
  const inner = exportedNames(path).map(({ name, isType }) => (isType ? `type ${name}` : name));
  take(`../${path.replace(/\.ts$/, '.js')}`, inner);
  if (missing.delete('highland')) lines.push("import highland from 'highland';");
  for (const entry of OTHERS) take(entry, Object.keys(await import(entry)));
  return { ...snippet, code: `${lines.join(' ')} ${snippet.code}` };
}

/** What the compiler has to say, with the place in the document instead of that in the copy. */
function compileErrors(snippets: readonly Snippet[]): string[] {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'given.ts'), GIVEN);
  const places = new Map([['given.ts', 'what an example may take as given:0']]);
  for (const [index, { where, language, code }] of snippets.entries()) {
    const name = `snippet-${index}.${language}`;
    places.set(name, where);
    writeFileSync(join(FOLDER, name), `${code}export {};\n`);
  }
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify({ ...OPTIONS, files: [...places.keys()] }));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', FOLDER, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  const errors = `${stdout}${stderr}`.split('\n').filter((line) => /error/i.test(line));
  return errors.map((line) =>
    line.replace(/^.*?(snippet-\d+\.[tj]s)\((\d+),\d+\)/, (_, name, row) => {
      const [path, first] = places.get(name)!.split(':');
      return `${path}:${Number(first) + Number(row)}`;
    }),
  );
}
