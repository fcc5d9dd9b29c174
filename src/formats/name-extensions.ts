/** Extensions that say how a file is packed, not what it holds. */
const WRAPPERS: ReadonlySet<string> = new Set(['gz', 'fz', 'z', 'gzip']);

/**
 * The extensions of a path or URL, lower case and without the dot, the last first; the one before it only if the
 * last says how the file is packed: `'sky.fits.gz'` gives `gz`, `fits`.
 */
export function nameExtensions(name: string): string[] {
  const parts = baseName(name).toLowerCase().split('.').slice(1);
  const last = parts.pop();
  if (last === undefined) return [];
  const inner = parts.pop();
  return inner !== undefined && WRAPPERS.has(last) ? [last, inner] : [last];
}

function baseName(name: string): string {
  // A Windows drive (`C:\`) has one letter, a scheme has more.
  const path = /^[a-z][a-z0-9+.-]+:/i.test(name) ? name.replace(/[?#].*$/s, '') : name;
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
