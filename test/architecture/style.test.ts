import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ROOT } from '../support/root.ts';
import { sourceFiles, withoutComments } from './source-tree.ts';

const MAX_LINES = 200;
const MAX_FUNCTION_LINES = 40;

const files = sourceFiles();
const isGenerated = (text: string) => /^\/\/ (Generated|Written) by scripts\//m.test(text.slice(0, 400));
const written = files.filter(({ text }) => !isGenerated(text));

/** Stories that fall apart when they are cut, and how long each may be. A new one needs a reason in its review. */
const LONGER_FILES: Readonly<Record<string, number>> = {};
/** Operators whose state lives in the closure of one subscription, and loops that run per value. */
const LONGER_FUNCTIONS: Readonly<Record<string, number>> = {
  'src/flow/bridges/to-async-iterable.ts': 65,
  'src/flow/bridges/to-duplex.ts': 50,
  'src/formats/fits/data/measure.ts': 45,
  'src/formats/fits/rows/decode.ts': 55,
  'src/formats/fits/tiles/rice.ts': 75,
  'src/operators/batch.ts': 45,
  'src/operators/group-by.ts': 45,
  'src/operators/unbatch.ts': 50,
};

test(`no file in src is longer than ${MAX_LINES} lines`, (t) => {
  const long = written.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
  t.deepEqual(
    long.filter(({ path, lines }) => lines > (LONGER_FILES[path] ?? MAX_LINES)),
    [],
  );
});

test(`no function in src is longer than ${MAX_FUNCTION_LINES} lines`, (t) => {
  const long = written.flatMap(({ path, text }) =>
    longFunctions(text, LONGER_FUNCTIONS[path]).map((l) => `${path}:${l}`),
  );
  t.deepEqual(long, []);
});

/** Functions and methods by their indentation, which the formatter guarantees: head, body, a brace as deep as the head. */
function longFunctions(text: string, maxLines = MAX_FUNCTION_LINES): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    const head =
      /^( *)(?:export )?(?:(?:async |static |override |private )*(?:function\b|\*?#?\w+(?:<.*>)?\(|get |set ))/;
    const indent = head.exec(line)?.[1];
    if (indent === undefined || /^ *(if|for|while|switch|return|await|void|yield|super|catch)\b/.test(line)) return [];
    const opening = lines.slice(start).findIndex((next) => next.endsWith('{') || next.endsWith(';'));
    if (opening < 0 || !lines[start + opening]!.endsWith('{')) return [];
    const body = lines.slice(start + opening + 1).findIndex((next) => next.startsWith(`${indent}}`));
    const count = opening + body + 2;
    return body >= 0 && count > maxLines ? [`${start + 1}: ${count} lines: ${line.trim()}`] : [];
  });
}

test('no `any` in src, and no rule of the linter is switched off for it', (t) => {
  const found = files.flatMap(({ path, text }) => {
    const code = withoutComments(text).replace(/'[^'\n]*'|`[^`]*`/g, "''");
    const isAny = /[:<,|&(=]\s*any\b(?!\s*[(:])|\bas any\b/.test(code);
    return isAny || /biome-ignore[^\n]*noExplicitAny|@ts-(ignore|nocheck)/.test(text) ? [path] : [];
  });
  t.deepEqual(found, []);
});

test('an index lists names and does nothing else', (t) => {
  for (const { path, text } of files.filter((file) => file.path.endsWith('/index.ts'))) {
    const rest = withoutComments(text).replace(/^(import|export)\b[^;]*;/gm, '');
    t.is(rest.trim(), '', path);
  }
});

test('names are exported by name, never as default', (t) => {
  for (const { path, text } of files) t.notRegex(text, /^export default\b/m, path);
});

test('nothing in src writes to the console, except the command', (t) => {
  const talkers = files.filter(({ path, text }) => !path.startsWith('src/cli/') && isTalking(withoutComments(text)));
  t.deepEqual(
    talkers.map(({ path }) => path),
    [],
  );
});

function isTalking(code: string): boolean {
  return /\bconsole\.(log|info|error|warn|debug)\(/.test(code);
}

test('every script of bench is explained in docs/benchmarks.md', (t) => {
  const docs = join(ROOT, 'docs/benchmarks.md');
  const text = existsSync(docs) ? readFileSync(docs, 'utf8') : '';
  for (const { path } of existsSync(join(ROOT, 'bench')) ? sourceFiles('bench') : []) {
    if (!/^bench\/[^/]+\.ts$/.test(path)) continue;
    t.true(text.includes(path) || text.includes(path.replace(/^(.*)\.ts$/, 'build/$1.js')), `${path} is not in it`);
  }
  t.pass();
});

test('this test sees what it is meant to see', (t) => {
  const body = '  a();\n'.repeat(MAX_FUNCTION_LINES);
  t.is(longFunctions(`export function long(\n  a: number,\n): void {\n${body}}\n`).length, 1);
  t.is(longFunctions(`class A {\n  async *#long(): X {\n  ${body}  }\n}\n`).length, 1);
  t.is(longFunctions(`function short(): void {\n  a();\n}\n`).length, 0);
});
