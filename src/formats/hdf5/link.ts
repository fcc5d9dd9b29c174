import type { Cursor } from './cursor.ts';
import { decodeText } from './text.ts';

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
  const name = decodeText(cursor.bytes, start, start + nameBytes);
  if (type === HARD) return link(name, 'hard', cursor.address(), undefined, undefined, creationOrder);
  const valueBytes = cursor.uint16();
  if (type === SOFT) return link(name, 'soft', undefined, cursor.text(valueBytes), undefined, creationOrder);
  if (type !== EXTERNAL) return link(name, 'user', undefined, undefined, undefined, creationOrder);
  const value = cursor.sub(valueBytes);
  value.skip(1);
  const targetFile = value.textToNul();
  return link(name, 'external', undefined, value.textToNul(), targetFile, creationOrder);
}

/** In one piece: a group holds thousands of these, and an object made by a spread is ten times as large. */
function link(
  name: string,
  kind: Link['kind'],
  address: number | undefined,
  target: string | undefined,
  targetFile: string | undefined,
  creationOrder: number | undefined,
): Link {
  return { name, kind, address, target, targetFile, creationOrder };
}
