import type { ReferenceType } from './datatype.ts';

/** A reference to an object, or to a region or attribute of one. */
export interface Reference {
  readonly kind: ReferenceType['kind'];
  /** Address of the object's header; `undefined` for a null reference, or one in an encoding that hides it. */
  readonly address: number | undefined;
}

/**
 * One element as JavaScript has it. Integers of more than 6 bytes are `bigint`; text is `string`; opaque bytes are
 * a copy; an enum is the number it stands for; a sequence or an array type is an array; a compound is a `Map`.
 */
export type Value =
  | number
  | bigint
  | string
  | Buffer
  | Reference
  | null
  | readonly Value[]
  | ReadonlyMap<string, Value>;
