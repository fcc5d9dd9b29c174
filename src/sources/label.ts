import type { InputSource } from '../bytes/open-input.ts';

/** What an input is called in stall reports. */
export function labelOf(source: InputSource): string {
  if (typeof source === 'string') return source;
  if (source instanceof URL) return source.pathname;
  if ('name' in source && typeof source.name === 'string') return source.name;
  return source.constructor?.name ?? 'input';
}
