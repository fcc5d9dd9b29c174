import type { Cursor } from './cursor.ts';
import { KnownBytes } from './known-bytes.ts';

/** How many elements there are, and in which shape (spec. IV.A.2.b). */
export interface Dataspace {
  /** `null`: no elements at all, not even one. */
  readonly kind: 'scalar' | 'simple' | 'null';
  /** C order, slowest first; empty for a scalar. */
  readonly shape: readonly number[];
  /** How far each axis may grow: `null` without limit; `undefined` if the file does not say, so not at all. */
  readonly maxShape: readonly (number | null)[] | undefined;
}

/** Dataspace messages, by the width of lengths in their file. */
export const DATASPACES: Readonly<Record<number, KnownBytes<Dataspace>>> = {
  2: new KnownBytes('dataspace', parseDataspace),
  4: new KnownBytes('dataspace', parseDataspace),
  8: new KnownBytes('dataspace', parseDataspace),
};

const KINDS = ['scalar', 'simple', 'null'] as const;

/** Reads a dataspace message. */
export function parseDataspace(cursor: Cursor): Dataspace {
  const version = cursor.version(1, 2);
  const rank = cursor.uint8();
  // H5S_MAX_RANK
  if (rank > 32) throw cursor.malformed(`${rank} axes, of 32 at most`);
  const flags = cursor.uint8();
  const type = cursor.uint8();
  if (version === 1) cursor.skip(4);
  const kind = version === 1 ? (rank === 0 ? 'scalar' : 'simple') : KINDS[type];
  if (kind === undefined) throw cursor.malformed(`a dataspace of type ${type}`);
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) shape[axis] = cursor.length();
  if ((flags & 1) === 0) return { kind, shape, maxShape: undefined };
  const maxShape = new Array<number | null>(rank);
  for (let axis = 0; axis < rank; axis++) maxShape[axis] = cursor.limit();
  return { kind, shape, maxShape };
}

/** The number of elements: 1 for a scalar, 0 for a null dataspace. */
export function elementCount(space: Dataspace): number {
  if (space.kind === 'null') return 0;
  const { shape } = space;
  let count = 1;
  for (let axis = 0; axis < shape.length; axis++) count *= shape[axis]!;
  return count;
}
