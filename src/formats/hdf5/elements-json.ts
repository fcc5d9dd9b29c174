import { INLINE_ELEMENTS, jsonNumber, jsonValues } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { Datatype } from './datatype.ts';
import type { Hdf5File } from './file.ts';
import { numberReader } from './number.ts';
import type { Span } from './span.ts';
import { readValue, readValues } from './value.ts';
import { jsonReader } from './value-json.ts';

/** The elements that stand in a span, in JSON; `undefined` if they are too large for a record. A step. */
export type ElementsJson = (file: Hdf5File, span: Span) => Json | undefined;

/** How `count` elements of a type are read for a record. */
export function elementsReader(type: Datatype, count: number): ElementsJson {
  if (count > INLINE_ELEMENTS) return () => undefined;
  if (count !== 1 || type.sizeBytes === 0) return (file, span) => listJson(file, type, span);
  if (type.class === 'integer' || type.class === 'float') {
    const read = numberReader(type);
    return (file, span) => {
      const page = file.page(span, 'value');
      return jsonNumber(read(page.view, span.offset - page.offset));
    };
  }
  const json = jsonReader(type);
  return (file, span) => {
    const value = readValue(file, type, span);
    return value === undefined ? undefined : json(value);
  };
}

function listJson(file: Hdf5File, type: Datatype, span: Span): Json | undefined {
  const values = readValues(file, type, span);
  if (!values) return undefined;
  const read = jsonReader(type);
  const json: Json[] = [];
  for (const value of values) {
    const one = read(value);
    if (one === undefined) return undefined;
    json.push(one);
  }
  return jsonValues(json);
}
