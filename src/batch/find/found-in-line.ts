import { type Found, foundNamed } from './found.ts';
import type { Line } from './read-lines.ts';

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
