import { TidegateError } from '../../errors.ts';
import { MiB } from '../../units.ts';
import { ClassicCursor, padded } from './classic-cursor.ts';
import type { ClassicAttribute, ClassicDimension, ClassicElement, ClassicVariable } from './classic-model.ts';
import { BLOCK_BYTES, type HeaderWindow, Starved } from './header-window.ts';
import { isExtendedType } from './nc-type.ts';

const NC_DIMENSION = 10;
const NC_VARIABLE = 11;
const NC_ATTRIBUTE = 12;
/** Longer text is left in the file. */
const TEXT_BYTES = MiB;
/** Longer lists of numbers are left in the file. */
const INLINE_COUNT = 1024;
/** NC_MAX_VAR_DIMS of the reference library. */
const MAX_VARIABLE_DIMENSIONS = 1024;
/** The type of a variable stands behind its attributes: so many bytes of them wait for it. */
const MAX_HELD_BYTES = 16 * MiB;
const HELD_OVERHEAD_BYTES = 256;
/** Dimensions are held, because variables refer to them. */
const MAX_DIMENSIONS = 100_000;

/** A number is a request: the window has to hold so many bytes more. */
export type HeaderStep = number | ClassicElement;
type Steps<T = void> = Generator<HeaderStep, T, void>;

/**
 * Parses the header of a CDF-1, CDF-2 or CDF-5 file (NetCDF file format specification): the elements as they come,
 * numbers where the window has to be filled. No memory is taken by a count that the file declares.
 */
export function* parseClassicHeader(window: HeaderWindow, file: string): Steps {
  const cursor = new ClassicCursor(window, file);
  const version = yield* whole(cursor, () => cursor.version());
  yield { kind: 'start', version, recordCount: yield* whole(cursor, () => cursor.recordCount()) };
  const dimensions = yield* dimensionList(cursor, file);
  const attributeCount = yield* whole(cursor, () => cursor.list(NC_ATTRIBUTE, 'global attributes'));
  for (let index = 0; index < attributeCount; index++) yield yield* attribute(cursor);
  const variableCount = yield* whole(cursor, () => cursor.list(NC_VARIABLE, 'variables'));
  for (let index = 0; index < variableCount; index++) {
    const found = inWindow(cursor, dimensions) ?? (yield* variable(cursor, dimensions, file));
    if (version < 5 && isExtendedType(found.type)) {
      const message = `Variable has type ${found.type.name}, which CDF-${version} does not have`;
      yield { kind: 'oddity', message, offset: window.offset };
    }
    yield found;
  }
  yield { kind: 'end', offset: window.offset };
}

/** Runs `parse`, again from its start after each fill, until the window has all that it needs. */
function* whole<T>(cursor: ClassicCursor, parse: (cursor: ClassicCursor) => T): Generator<number, T, void> {
  const start = cursor.window.offset;
  for (;;) {
    try {
      return parse(cursor);
    } catch (error) {
      if (!(error instanceof Starved)) throw error;
      const neededBytes = cursor.window.offset - start + error.neededBytes;
      cursor.window.offset = start;
      yield neededBytes;
    }
  }
}

function* dimensionList(cursor: ClassicCursor, file: string): Steps<ClassicDimension[]> {
  const count = yield* whole(cursor, () => cursor.list(NC_DIMENSION, 'dimensions'));
  const dimensions: ClassicDimension[] = [];
  let hasRecord = false;
  for (let index = 0; index < count; index++) {
    if (index === MAX_DIMENSIONS) throw tooMany('dimensions', MAX_DIMENSIONS, file, cursor.window.offset);
    const { name, lengthCount } = yield* whole(cursor, parseDimension);
    if (lengthCount === 0 && hasRecord) {
      const message = `Dimension ${index} is a second one of length 0: only the first is the record dimension`;
      yield { kind: 'oddity', message, offset: cursor.window.offset };
    }
    const dimension: ClassicDimension = {
      kind: 'dimension',
      name,
      lengthCount,
      isRecord: lengthCount === 0 && !hasRecord,
    };
    hasRecord ||= dimension.isRecord;
    dimensions.push(dimension);
    yield dimension;
  }
  return dimensions;
}

function parseDimension(cursor: ClassicCursor): { name: string; lengthCount: number } {
  return { name: cursor.name('a dimension'), lengthCount: cursor.count('a dimension') };
}

function* attribute(cursor: ClassicCursor): Generator<number, ClassicAttribute, void> {
  const found = yield* whole(cursor, parseAttribute);
  if (found.value === undefined) {
    // What was skipped has to exist: its last byte is read, also from a pipe.
    cursor.window.offset -= 1;
    yield* whole(cursor, () => cursor.window.skip(1));
  }
  return found;
}

function parseAttribute(cursor: ClassicCursor): ClassicAttribute {
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

/** The next variable, if all of it is in the window already: several times cheaper than the way in steps. */
function inWindow(cursor: ClassicCursor, known: readonly ClassicDimension[]): ClassicVariable | undefined {
  const { window } = cursor;
  const start = window.offset;
  try {
    const { name, dimensions } = parseVariableHead(cursor, known);
    const count = cursor.list(NC_ATTRIBUTE, 'attributes of a variable');
    const attributes: ClassicAttribute[] = [];
    for (let index = 0; index < count; index++) {
      const found = parseAttribute(cursor);
      if (found.value === undefined) throw new Starved(1);
      attributes.push(found);
    }
    return parseVariableTail(cursor, name, dimensions, attributes);
  } catch (error) {
    if (!(error instanceof Starved)) throw error;
    window.offset = start;
    return undefined;
  }
}

function* variable(
  cursor: ClassicCursor,
  known: readonly ClassicDimension[],
  file: string,
): Generator<number, ClassicVariable, void> {
  const { name, dimensions } = yield* whole(cursor, () => parseVariableHead(cursor, known));
  const count = yield* whole(cursor, () => cursor.list(NC_ATTRIBUTE, 'attributes of a variable'));
  const attributes: ClassicAttribute[] = [];
  let heldBytes = 0;
  for (let index = 0; index < count; index++) {
    const found = yield* attribute(cursor);
    heldBytes +=
      HELD_OVERHEAD_BYTES + found.name.length + (found.value === undefined ? BLOCK_BYTES : found.lengthBytes);
    if (heldBytes > MAX_HELD_BYTES) throw tooMany('attribute bytes of a variable', MAX_HELD_BYTES, file, found.offset);
    attributes.push(found);
  }
  return yield* whole(cursor, () => parseVariableTail(cursor, name, dimensions, attributes));
}

function parseVariableHead(cursor: ClassicCursor, known: readonly ClassicDimension[]) {
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
  return { name, dimensions };
}

function parseVariableTail(
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

function tooMany(what: string, limit: number, file: string, offset: number): TidegateError {
  return new TidegateError('ERR_LIMIT', `Cannot hold the header: more than ${limit} ${what}`, { file, offset, limit });
}
