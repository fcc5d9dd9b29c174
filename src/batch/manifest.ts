import { openInput } from '../bytes/open-input.ts';
import { TidegateError } from '../errors.ts';
import { type Found, foundNamed } from './found.ts';
import { type FilterOptions, isMeant, pathFilter } from './path-filter.ts';
import { type Line, readLines } from './read-lines.ts';

/** Options for {@link readManifest}. */
export interface ManifestOptions extends FilterOptions {
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

/** What a line of a manifest names; `undefined` if it names nothing. */
export function foundInLine(line: Line): Found | undefined {
  const entry = parsed(line);
  if (typeof entry === 'string') return entry === '' ? undefined : foundNamed(entry);
  const { file, nameBase64, attempts } = (entry ?? {}) as { file?: unknown; nameBase64?: unknown; attempts?: unknown };
  if (typeof file !== 'string' || file === '') return undefined;
  const found: Found =
    typeof nameBase64 === 'string'
      ? { kind: 'file', path: file, name: Buffer.from(nameBase64, 'base64') }
      : foundNamed(file);
  return typeof attempts === 'number' && attempts > 0 ? { ...found, attempts } : found;
}

function parsed(line: Line): unknown {
  try {
    return line === undefined ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}

function notAnEntry(path: string): Found {
  const message = `Cannot find an input in ${path}: expected a JSON string, or an object with "file"`;
  return { kind: 'issue', path, error: new TidegateError('ERR_INPUT_OPEN', message, { file: path }) };
}
