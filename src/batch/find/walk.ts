import { type Found, foundIssue, foundNamed } from './found.ts';
import { isGlob, parseGlob } from './glob.ts';
import { type FilterOptions, isMeant, type PathFilter, pathFilter } from './path-filter.ts';
import { typeOfTarget, walkFolder } from './walk-folder.ts';

/** Options for {@link walk}. */
export interface WalkOptions extends FilterOptions {
  /** `*` and `**` of a glob match names with a leading dot. Folders are walked whole. @defaultValue false */
  readonly dot?: boolean | undefined;
  /** Ends the walk at once. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The inputs that paths, globs and folders stand for, in the order of the patterns, and in the order of names
 * within a folder: the same on every run. A file with special characters in its name is taken by its name, before
 * a glob; `-` is standard input; `http(s):` and `file:` URLs pass as they are.
 *
 * Links are followed; a folder reached through links is walked once and never inside itself. Pipes, sockets and
 * devices are left out unless they are named. What cannot be read, and a pattern that matches nothing, is an
 * `issue`, and the walk goes on. Holds the names in the folders on the way down, no more.
 */
export async function* walk(
  patterns: Iterable<string> | AsyncIterable<string>,
  options: WalkOptions = {},
): AsyncGenerator<Found, void, void> {
  const filter = pathFilter(options);
  for await (const pattern of patterns) {
    options.signal?.throwIfAborted();
    const named = foundNamed(pattern);
    if (named.kind === 'file') yield* walkPattern(pattern, { ...options, filter });
    else if (isMeant(named, filter)) yield named;
  }
}

interface FilteredOptions extends WalkOptions {
  readonly filter: PathFilter | undefined;
}

async function* walkPattern(pattern: string, options: FilteredOptions): AsyncGenerator<Found, void, void> {
  const found = await typeOfTarget(pattern);
  if (found === 'folder') yield* walkFolder(pattern, options);
  else if (!(found instanceof Error)) {
    const named = foundNamed(pattern);
    if (isMeant(named, options.filter)) yield named;
  } else if (found.code === 'ENOENT' && isGlob(pattern)) yield* walkGlob(pattern, options);
  else yield foundIssue(pattern, 'find', found);
}

async function* walkGlob(pattern: string, options: FilteredOptions): AsyncGenerator<Found, void, void> {
  const glob = parseGlob(pattern, options.dot ?? false);
  let isEmpty = true;
  if ((await typeOfTarget(glob.base)) === 'folder') {
    for await (const found of walkFolder(glob.base, { ...options, glob })) {
      isEmpty = false;
      yield found;
    }
  }
  if (isEmpty) yield foundIssue(pattern, 'find', new Error('no file matches'));
}
