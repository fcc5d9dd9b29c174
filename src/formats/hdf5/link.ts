import type { Cursor } from './cursor.ts';

/** A named way from a group to an object. */
export interface Link {
  readonly name: string;
  /** `user`: of a kind that some program has registered for itself. */
  readonly kind: 'hard' | 'soft' | 'external' | 'user';
  /** Hard links: where the object's header is. */
  readonly address: number | undefined;
  /** Soft and external links: the path they stand for. */
  readonly target: string | undefined;
  /** External links: the file they point into, as written there; nobody has looked whether it exists. */
  readonly targetFile: string | undefined;
  /** Where creation order is tracked: 0, 1, 2 ... in the order of creation. */
  readonly creationOrder: number | undefined;
}

const HARD = 0;
const SOFT = 1;
const EXTERNAL = 64;

/** Reads a link message (spec. IV.A.2.g). */
export function parseLink(cursor: Cursor): Link {
  cursor.version(1);
  const flags = cursor.uint8();
  const type = flags & 8 ? cursor.uint8() : HARD;
  const creationOrder = flags & 4 ? cursor.uint(8) : undefined;
  if (flags & 16) cursor.skip(1);
  const nameBytes = cursor.uint(1 << (flags & 3));
  const start = cursor.take(nameBytes);
  const name = cursor.bytes.toString('utf8', start, start + nameBytes);
  if (type === HARD) return { ...none, name, kind: 'hard', address: cursor.address(), creationOrder };
  const valueBytes = cursor.uint16();
  if (type === SOFT) return { ...none, name, kind: 'soft', target: cursor.text(valueBytes), creationOrder };
  if (type !== EXTERNAL) return { ...none, name, kind: 'user', creationOrder };
  const value = cursor.sub(valueBytes);
  value.skip(1);
  const targetFile = value.textToNul();
  return { name, kind: 'external', address: undefined, targetFile, target: value.textToNul(), creationOrder };
}

const none = { address: undefined, target: undefined, targetFile: undefined } as const;
