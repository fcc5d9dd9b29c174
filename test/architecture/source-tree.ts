import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { ROOT } from '../support/root.ts';

/** One `import` or `export … from` or `import(…)`: also those of types only, which leave no trace in the built code. */
export interface ImportLine {
  /** As written. */
  readonly specifier: string;
  /** The imported file from the project's root (`src/bytes/input.ts`); `undefined` for packages and `node:` modules. */
  readonly path: string | undefined;
  readonly isDynamic: boolean;
  readonly isTypeOnly: boolean;
}

/** A file of ours. */
export interface SourceFile {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ImportLine[];
}

/** All TypeScript files of a folder, with what they import. */
export function sourceFiles(folder = 'src'): readonly SourceFile[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
    .map((path) => sourceFile(path, readFileSync(join(ROOT, path), 'utf8')));
}

function sourceFile(path: string, text: string): SourceFile {
  return { path, text, imports: importsOf(path, text) };
}

/** The formatter puts statements at the start of a line, so that a pattern can tell them from text and comments. */
const STATEMENT = /^(import|export)\b(\s+type\b)?(?:[^;'"]*?\bfrom)?\s*'([^']+)'/gm;
const CALL = /\bimport\(\s*(?:\/\*.*?\*\/\s*)?(['"`])([^'"`]+)\1/g;

/** What a file imports, by its text. */
export function importsOf(path: string, text: string): readonly ImportLine[] {
  const code = withoutComments(text);
  const statements = [...code.matchAll(STATEMENT)].map(([, , type, specifier]) => ({
    specifier: specifier!,
    isDynamic: false,
    isTypeOnly: type !== undefined,
  }));
  const calls = [...code.matchAll(CALL)].map((match) => ({
    specifier: match[2]!,
    isDynamic: true,
    isTypeOnly: isTypeCall(code, match.index, match.index + match[0].length),
  }));
  return [...statements, ...calls].map((line) => ({ ...line, path: resolved(path, line.specifier) }));
}

/** `typeof import('x')` and `import('x').Name` name a type and load nothing. */
function isTypeCall(code: string, start: number, end: number): boolean {
  return /typeof\s+$/.test(code.slice(0, start)) || /^\)\s*\.\s*[A-Z]/.test(code.slice(end));
}

/** Without the lines that are comment from their first character on. */
export function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(\/\/|\/\*|\*)/.test(line))
    .join('\n');
}

function resolved(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}
