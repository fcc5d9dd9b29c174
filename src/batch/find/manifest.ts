import { openInput } from '../../bytes/open-input.ts';
import { TidegateError } from '../../errors.ts';
import type { Found } from './found.ts';
import { foundInLine } from './found-in-line.ts';
import { type FilterOptions, isMeant, pathFilter } from './path-filter.ts';
import { readLines } from './read-lines.ts';

/** Options for {@link readManifest}. */
interface ManifestOptions extends FilterOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * The inputs that a list names, in its order: each line is a JSON string, or an object with `file`, as in a list of
 * dead letters; `nameBase64` has the bytes of a name that is not UTF-8. Names are taken as they are, no globs. A line
 * that is neither is an `issue` named after its place in the list, and the rest goes on.
 */
export async function* readManifest(
  manifest: string | URL,
  options: ManifestOptions = {},
): AsyncGenerator<Found, void, void> {
  const filter = pathFilter(options);
  const input = await openInput(manifest, options);
  let number = 0;
  try {
    for await (const line of readLines(input, options.signal)) {
      number++;
      if (line !== undefined && line.trim() === '') continue;
      const found = foundInLine(line) ?? notAnEntry(`${input.name}:${number}`);
      if (isMeant(found, filter)) yield found;
    }
  } finally {
    await input.close();
  }
}

function notAnEntry(path: string): Found {
  const message = `Cannot find an input in ${path}: expected a JSON string, or an object with "file"`;
  return { kind: 'issue', path, error: new TidegateError('ERR_INPUT_OPEN', message, { file: path }) };
}
