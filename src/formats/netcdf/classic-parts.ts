import { MiB } from '../../units.ts';
import { type ClassicCursor, padded } from './classic-cursor.ts';
import type { ClassicAttribute, ClassicDimension, ClassicVariable } from './classic-model.ts';

/** The tag of a list of attributes. */
export const NC_ATTRIBUTE = 12;
/** Longer text is left in the file. */
const TEXT_BYTES = MiB;
/** Longer lists of numbers are left in the file. */
const INLINE_COUNT = 1024;
/** NC_MAX_VAR_DIMS of the reference library. */
const MAX_VARIABLE_DIMENSIONS = 1024;

/** A variable whose attributes are being read. */
export interface OpenVariable {
  readonly name: string;
  readonly dimensions: readonly ClassicDimension[];
  readonly attributes: ClassicAttribute[];
  leftCount: number;
  heldBytes: number;
}

/** `dim`. */
export function parseDimension(cursor: ClassicCursor): { name: string; lengthCount: number } {
  return { name: cursor.name('a dimension'), lengthCount: cursor.count('a dimension') };
}

/** `attr`. */
export function parseAttribute(cursor: ClassicCursor): ClassicAttribute {
  const { window } = cursor;
  const name = cursor.name('an attribute');
  const type = cursor.type('an attribute');
  const count = cursor.count('the length of an attribute');
  const lengthBytes = count * type.sizeBytes;
  const { offset } = window;
  const kind = 'attribute';
  if (type.name === 'char' && count <= TEXT_BYTES) {
    const value = window.text(lengthBytes, padded(lengthBytes));
    return { kind, name, type, count, offset, lengthBytes, value };
  }
  if (type.name !== 'char' && count <= INLINE_COUNT) {
    const value = window.numbers(type, count, padded(lengthBytes));
    return { kind, name, type, count, offset, lengthBytes, value };
  }
  const end = offset + padded(lengthBytes);
  if (!Number.isSafeInteger(end)) throw cursor.malformed('an attribute', `${count} values cannot be`);
  window.offset = end;
  return { kind, name, type, count, offset, lengthBytes, value: undefined };
}

/** `var`, up to its attributes. */
export function openVariable(cursor: ClassicCursor, known: readonly ClassicDimension[]): OpenVariable {
  const name = cursor.name('a variable');
  const count = cursor.count('the rank of a variable');
  if (count > MAX_VARIABLE_DIMENSIONS) throw cursor.malformed('a variable', `${count} dimensions declared`);
  const dimensions: ClassicDimension[] = [];
  for (let index = 0; index < count; index++) {
    const id = cursor.count('a dimension id');
    const dimension = known[id];
    if (dimension === undefined) throw cursor.malformed('a variable', `there is no dimension ${id}`);
    if (dimension.isRecord && index > 0) throw cursor.malformed('a variable', `dimension ${index} is the record one`);
    dimensions.push(dimension);
  }
  const leftCount = cursor.list(NC_ATTRIBUTE, 'attributes of a variable');
  return { name, dimensions, attributes: [], leftCount, heldBytes: 0 };
}

/** `var`, behind its attributes. */
export function parseVariableTail(
  cursor: ClassicCursor,
  name: string,
  dimensions: readonly ClassicDimension[],
  attributes: readonly ClassicAttribute[],
): ClassicVariable {
  const type = cursor.type('a variable');
  cursor.count('vsize');
  const begin = cursor.begin();
  const isRecord = dimensions[0]?.isRecord ?? false;
  let slabBytes = type.sizeBytes;
  for (let axis = isRecord ? 1 : 0; axis < dimensions.length; axis++) slabBytes *= dimensions[axis]!.lengthCount;
  if (!Number.isSafeInteger(begin + slabBytes)) throw cursor.malformed('a variable', 'it would end beyond 2^53');
  return { kind: 'variable', name, dimensions, attributes, type, begin, slabBytes, isRecord };
}
