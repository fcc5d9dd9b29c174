import type { Datatype } from './datatype.ts';
import type { Value } from './element.ts';
import type { Hdf5File } from './file.ts';
import type { Span } from './span.ts';
import { numbers, ValueReader } from './value-reader.ts';

/** What a value may cost. Files can make few bytes into many: sequences that all point at the same one. */
export interface ValueLimits {
  /** Elements, those within sequences, arrays and compounds counted. @defaultValue 65,536 */
  readonly maxElements?: number | undefined;
  /** Bytes of text and opaque values. @defaultValue 1 MiB */
  readonly maxBytes?: number | undefined;
}

const DEFAULT_LIMITS = { maxElements: 65_536, maxBytes: 2 ** 20 };

/**
 * The elements of an attribute, or of a compact or contiguous dataset's value; flat, in C order. `undefined` if
 * they are more than `limits` allow: nothing is cut. A step.
 */
export function readValues(file: Hdf5File, type: Datatype, span: Span, limits: ValueLimits = {}): Value[] | undefined {
  if (type.sizeBytes === 0) return [];
  const count = Math.floor(span.lengthBytes / type.sizeBytes);
  const { maxElements = DEFAULT_LIMITS.maxElements, maxBytes = DEFAULT_LIMITS.maxBytes } = limits;
  if (count > maxElements || span.lengthBytes > maxBytes * 16) return undefined;
  const cursor = file.open(span, 'value');
  if (type.class === 'integer' || type.class === 'float') return numbers(type, cursor, count);
  const reader = new ValueReader(file, maxElements, maxBytes);
  const values = reader.elements(type, cursor, count);
  return reader.isExhausted ? undefined : values;
}

/** As {@link readValues}, where there is one element. A step. */
export function readValue(file: Hdf5File, type: Datatype, span: Span): Value | undefined {
  if (span.lengthBytes > DEFAULT_LIMITS.maxBytes * 16) return undefined;
  const reader = new ValueReader(file, DEFAULT_LIMITS.maxElements, DEFAULT_LIMITS.maxBytes);
  const value = reader.element(type, file.open(span, 'value'));
  return reader.isExhausted ? undefined : value;
}
