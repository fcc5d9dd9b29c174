import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/root.ts';
import { sourceFiles } from './source-tree.ts';

/** A piece of code that a reader may copy. */
export interface Snippet {
  /** File and line, `README.md:12`. */
  readonly where: string;
  readonly language: 'ts' | 'js';
  readonly code: string;
}

const FENCE = /^```(ts|typescript|js|javascript|mjs)\n([\s\S]*?)^```/gm;

/** The fenced ts and js blocks of a Markdown text. */
export function blocksOf(path: string, text: string): Snippet[] {
  return [...text.matchAll(FENCE)].map((match) => ({
    where: `${path}:${text.slice(0, match.index).split('\n').length}`,
    language: match[1]!.startsWith('t') ? 'ts' : 'js',
    code: match[2]!,
  }));
}

/** The blocks behind each `@example` of a source file's docstrings. */
export function examplesOf(path: string, text: string): Snippet[] {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const startLine = text.slice(0, comment.index).split('\n').length;
    const body = comment[0].replace(/^ *\*( |$)/gm, '');
    const first = body.indexOf('@example');
    if (first < 0) return [];
    return blocksOf('', body.slice(first)).map((block) => {
      const line = startLine + body.slice(0, first).split('\n').length - 1 + Number(block.where.slice(1)) - 1;
      return { ...block, where: `${path}:${line}` };
    });
  });
}

/** Every `@example` of src. */
export function sourceExamples(): Snippet[] {
  return sourceFiles().flatMap(({ path, text }) => examplesOf(path, text));
}

/** Every block of the README and of docs. */
export function documentBlocks(): Snippet[] {
  const docs = existsSync(join(ROOT, 'docs')) ? readdirSync(join(ROOT, 'docs'), { recursive: true }) : [];
  const paths = ['README.md', ...docs.map((name) => `docs/${name}`)].filter((path) => path.endsWith('.md'));
  return paths.flatMap((path) =>
    existsSync(join(ROOT, path)) ? blocksOf(path, readFileSync(join(ROOT, path), 'utf8')) : [],
  );
}
