import { inspect } from 'node:util';
import type { Observable } from 'rxjs';
import { TidegateError } from '../../errors.ts';
import { fromPull } from '../../flow/from-pull.ts';
import type { Found } from './found.ts';
import type { FilterOptions } from './path-filter.ts';

/** A list of inputs, one JSON value a line: the path or URL of it, or of standard input (`-`). */
export interface Manifest {
  readonly manifest: string | URL;
}

/** What {@link fromFiles} takes: paths, folders, globs and URLs, one, several or as they come; or a manifest. */
export type FilesSource = string | Iterable<string> | AsyncIterable<string> | Manifest;

/** Options for {@link fromFiles}. */
export interface FromFilesOptions extends FilterOptions {
  /** `*` and `**` of a glob match names with a leading dot. Folders are walked whole. @defaultValue false */
  readonly dot?: boolean | undefined;
}

/**
 * The inputs that paths, globs, folders, URLs or a manifest (NDJSON) stand for, in the same order on every run: that of
 * the patterns, and within a folder that of the names. Links are followed; a folder that links lead to is walked once.
 * Names whose bytes are not UTF-8 are kept as bytes.
 *
 * - Emits: a {@link Found} for each input: a `file` with its `path` (for people) and `name` (for opening it), a `url`,
 *   `stdin`; and an `issue` for what cannot be found or read, after which it goes on.
 * - Waits: before every single one while a gate behind it is shut; no folder is read meanwhile.
 * - Holds: the names in the folders on the way down; of a manifest, one line.
 * - Fails: `ERR_OPTION` at the call; `ERR_INPUT_OPEN` when there is no manifest; with what an iterable throws.
 *
 * @example
 * ```ts
 * import { fromFiles } from 'tidegate';
 *
 * fromFiles('scans/**', { include: ['*.dcm'], exclude: ['tmp'] }).subscribe(({ path }) => console.log(path));
 * ```
 */
export function fromFiles(files: FilesSource, options: FromFilesOptions = {}): Observable<Found> {
  checkSource(files);
  checkPatterns('include', options.include);
  checkPatterns('exclude', options.exclude);
  return fromPull((signal) => find(files, { ...options, signal }), { label: 'files' });
}

// Imported when the first one is asked for: the globs need a package.
async function* find(
  files: FilesSource,
  options: FromFilesOptions & { readonly signal: AbortSignal },
): AsyncGenerator<Found, void, void> {
  if (isManifest(files)) yield* (await import('./manifest.ts')).readManifest(files.manifest, options);
  else yield* (await import('./walk.ts')).walk(typeof files === 'string' ? [files] : files, options);
}

function isManifest(files: FilesSource): files is Manifest {
  return typeof files === 'object' && 'manifest' in files;
}

function checkSource(files: FilesSource): void {
  if (typeof files === 'string' && files !== '') return;
  if (typeof files === 'object' && files !== null) {
    if (isManifest(files)) {
      if (files.manifest instanceof URL || (typeof files.manifest === 'string' && files.manifest !== '')) return;
    } else if (Symbol.iterator in files || Symbol.asyncIterator in files) return;
  }
  const message = `Cannot find files in ${inspect(files, { depth: 0 })}: expected patterns or { manifest: path }`;
  throw new TidegateError('ERR_OPTION', message, { option: 'files' });
}

function checkPatterns(name: string, patterns: readonly string[] | undefined): void {
  if (patterns === undefined) return;
  if (Array.isArray(patterns) && patterns.every((pattern) => typeof pattern === 'string' && pattern !== '')) return;
  const message = `Cannot use option ${name}: expected an array of globs, got ${inspect(patterns, { depth: 0 })}`;
  throw new TidegateError('ERR_OPTION', message, { option: name });
}
