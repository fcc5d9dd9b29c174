import { basename, sep } from 'node:path';
import picomatch from 'picomatch';
import type { Found } from './found.ts';

/** Which of the files that are found are meant. */
export interface FilterOptions {
  /** Only files that match one of these. A pattern without `/` is held against the name, others against the path below the folder that is walked. @defaultValue all */
  readonly include?: readonly string[] | undefined;
  /** Not what matches one of these, read as in `include`; a folder that matches is not gone into. @defaultValue none */
  readonly exclude?: readonly string[] | undefined;
}

/** What {@link FilterOptions} let through. */
export interface PathFilter {
  /** Whether a file at this path is meant. */
  accepts(path: string): boolean;
  /** Whether a folder at this path is left out with all that is in it. */
  excludes(path: string): boolean;
}

type Test = (path: string) => boolean;

/** The filter, or `undefined` if everything is meant. A leading dot matters to no pattern: who names it, means it. */
export function pathFilter({ include, exclude }: FilterOptions): PathFilter | undefined {
  if (include === undefined && !exclude?.length) return undefined;
  const isIncluded = include === undefined ? () => true : anyOf(include);
  const excludes = anyOf(exclude ?? []);
  return { excludes, accepts: (path) => isIncluded(path) && !excludes(path) };
}

function anyOf(patterns: readonly string[]): Test {
  const tests = patterns.map(testOf);
  return (path) => tests.some((test) => test(path));
}

function testOf(pattern: string): Test {
  const isMatch = picomatch(pattern, { dot: true, nonegate: true, posix: true, windows: sep === '\\' });
  return pattern.includes('/') ? (path) => isMatch(path) : (path) => isMatch(basename(path));
}

/** Whether an input that was named is meant. Standard input has no name, what could not be found is said anyway. */
export function isMeant({ kind, path }: Found, filter: PathFilter | undefined): boolean {
  return filter === undefined || kind === 'stdin' || kind === 'issue' || filter.accepts(path);
}
