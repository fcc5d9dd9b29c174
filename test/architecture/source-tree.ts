import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** A name that an index lets out. */
export interface ExportedName {
  readonly name: string;
  /** Where it is declared. */
  readonly path: string;
  readonly isType: boolean;
}

const LIST = /^export\s+(type\s+)?(\*|\{[^}]*\})\s+from\s+'([^']+)'/gm;
const DECLARATION = /^export (?:declare |abstract |async )*(function\*?|class|const|let|interface|type) (\w+)/gm;

/** All names of an index, through `export { x } from` and `export * from`, or those that a file declares. */
export function exportedNames(path: string): readonly ExportedName[] {
  if (!existsSync(join(ROOT, path))) return [];
  const text = readFileSync(join(ROOT, path), 'utf8');
  const declared = [...text.matchAll(DECLARATION)].map(([, word, name]) => ({
    name: name!,
    path,
    isType: word === 'interface' || word === 'type',
  }));
  const listed = [...text.matchAll(LIST)].flatMap(([, type, names, specifier]) => {
    const all = exportedNames(resolved(path, specifier!)!);
    if (names === '*') return all;
    const chosen = names!
      .slice(1, -1)
      .split(',')
      .map((name) => name.trim());
    return chosen.filter(Boolean).map((entry) => renamed(entry, type !== undefined, all));
  });
  return unique([...declared, ...listed]);
}

function renamed(entry: string, isType: boolean, all: readonly ExportedName[]): ExportedName {
  const [original, name] = entry.replace(/^type /, '').split(/\s+as\s+/) as [string, string | undefined];
  const found = all.find((candidate) => candidate.name === original);
  if (found === undefined) throw new Error(`no file declares ${original}, which an index exports`);
  return { name: name ?? original, path: found.path, isType: isType || entry.startsWith('type ') };
}

/** Overloads, and what two lists name, count once. */
function unique(names: readonly ExportedName[]): readonly ExportedName[] {
  return [...new Map(names.map((entry) => [entry.name, entry])).values()];
}
