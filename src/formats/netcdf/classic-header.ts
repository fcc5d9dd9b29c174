import { TidegateError } from '../../errors.ts';
import { MiB } from '../../units.ts';
import { ClassicCursor, padded } from './classic-cursor.ts';
import type { ClassicAttribute, ClassicDimension, ClassicElement, ClassicVariable } from './classic-model.ts';
import { BLOCK_BYTES, type HeaderWindow, Starved } from './header-window.ts';
import { isExtendedType, type NcType } from './nc-type.ts';

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
    const found = yield* variable(cursor, dimensions, file);
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
    const { nameBytes, lengthCount } = yield* whole(cursor, parseDimension);
    if (lengthCount === 0 && hasRecord) {
      const message = `Dimension ${index} is a second one of length 0: only the first is the record dimension`;
      yield { kind: 'oddity', message, offset: cursor.window.offset };
    }
    const dimension: ClassicDimension = {
      kind: 'dimension',
      nameBytes,
      lengthCount,
      isRecord: lengthCount === 0 && !hasRecord,
    };
    hasRecord ||= dimension.isRecord;
    dimensions.push(dimension);
    yield dimension;
  }
  return dimensions;
}

function parseDimension(cursor: ClassicCursor): { nameBytes: Buffer; lengthCount: number } {
  return { nameBytes: cursor.name('a dimension'), lengthCount: cursor.count('a dimension') };
}

function* attribute(cursor: ClassicCursor): Generator<number, ClassicAttribute, void> {
  const found = yield* whole(cursor, parseAttribute);
  if (found.bytes === undefined) {
    // What was skipped has to exist: its last byte is read, also from a pipe.
    cursor.window.offset -= 1;
    yield* whole(cursor, () => cursor.window.take(1));
  }
  return found;
}

function parseAttribute(cursor: ClassicCursor): ClassicAttribute {
  const { window } = cursor;
  const nameBytes = cursor.name('an attribute');
  const type = cursor.type('an attribute');
  const count = cursor.count('the length of an attribute');
  const lengthBytes = count * type.sizeBytes;
  const { offset } = window;
  if (isShort(type, count)) {
    const bytes = window.take(padded(lengthBytes)).subarray(0, lengthBytes);
    return { kind: 'attribute', nameBytes, type, count, offset, lengthBytes, bytes };
  }
  const end = offset + padded(lengthBytes);
  if (!Number.isSafeInteger(end)) throw cursor.malformed('an attribute', `${count} values cannot be`);
  window.offset = end;
  return { kind: 'attribute', nameBytes, type, count, offset, lengthBytes, bytes: undefined };
}

function isShort(type: NcType, count: number): boolean {
  return type.name === 'char' ? count <= TEXT_BYTES : count <= INLINE_COUNT;
}

function* variable(
  cursor: ClassicCursor,
  known: readonly ClassicDimension[],
  file: string,
): Generator<number, ClassicVariable, void> {
  const { nameBytes, dimensions } = yield* whole(cursor, () => parseVariableHead(cursor, known));
  const attributeCount = yield* whole(cursor, () => cursor.list(NC_ATTRIBUTE, 'attributes of a variable'));
  const attributes: ClassicAttribute[] = [];
  let heldBytes = 0;
  for (let index = 0; index < attributeCount; index++) {
    const found = yield* attribute(cursor);
    heldBytes += HELD_OVERHEAD_BYTES + found.nameBytes.length + (found.bytes?.length ?? BLOCK_BYTES);
    if (heldBytes > MAX_HELD_BYTES) throw tooMany(`attribute bytes of a variable`, MAX_HELD_BYTES, file, found.offset);
    attributes.push(found);
  }
  return yield* whole(cursor, () => {
    const type = cursor.type('a variable');
    cursor.count('vsize');
    const begin = cursor.begin();
    const isRecord = dimensions[0]?.isRecord ?? false;
    let slabBytes = type.sizeBytes;
    for (const dimension of isRecord ? dimensions.slice(1) : dimensions) slabBytes *= dimension.lengthCount;
    if (!Number.isSafeInteger(begin + slabBytes)) throw cursor.malformed('a variable', 'it would end beyond 2^53');
    return { kind: 'variable', nameBytes, dimensions, attributes, type, begin, slabBytes, isRecord };
  });
}

function parseVariableHead(cursor: ClassicCursor, known: readonly ClassicDimension[]) {
  const nameBytes = cursor.name('a variable');
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
  return { nameBytes, dimensions };
}

function tooMany(what: string, limit: number, file: string, offset: number): TidegateError {
  return new TidegateError('ERR_LIMIT', `Cannot hold the header: more than ${limit} ${what}`, { file, offset, limit });
}
