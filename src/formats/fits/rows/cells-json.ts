import { INLINE_ELEMENTS, jsonNumber } from '../../../json-value.ts';
import type { Json } from '../../../records.ts';
import type { Column } from './column.ts';
import type { Decoded } from './decode.ts';
import { ListValues, TextValues } from './values.ts';

/** One entry a row; a cell of several elements is an array. `null` if they are more than a record carries. */
export function cellsJson(column: Column, decoded: Decoded, rowCount: number): Json {
  const { values } = decoded;
  if (values instanceof ListValues) return listsJson(column, decoded, values);
  if (values.length > INLINE_ELEMENTS) return null;
  const perRow = values.length / elementWidth(column) / rowCount;
  return rowsOf(rowCount, (row) =>
    perRow === 1
      ? elementJson(column, decoded, row)
      : rowsOf(perRow, (i) => elementJson(column, decoded, row * perRow + i)),
  );
}

function listsJson(column: Column, decoded: Decoded, { starts, values, isText, length }: ListValues): Json {
  if (isText) return rowsOf(length, (row) => (decoded.values as ListValues).at(row) as string);
  if (values.length > INLINE_ELEMENTS) return null;
  const width = elementWidth(column);
  return rowsOf(length, (row) => {
    const start = starts[row]! / width;
    return rowsOf(starts[row + 1]! / width - start, (i) => elementJson(column, decoded, start + i));
  });
}

function rowsOf(count: number, cell: (index: number) => Json): Json {
  return Array.from({ length: count }, (_, index) => cell(index));
}

/** Numbers per element: a complex one is two. */
function elementWidth({ code }: Column): number {
  return code === 'C' || code === 'M' ? 2 : 1;
}

function elementJson(column: Column, { values, nulls }: Decoded, at: number): Json {
  if (values instanceof TextValues) return values.at(at);
  const numbers = values instanceof ListValues ? values.values : values;
  if (elementWidth(column) === 2) return [jsonNumber(numbers[2 * at]!), jsonNumber(numbers[2 * at + 1]!)];
  if (nulls?.[at] === 1) return null;
  return column.code === 'L' ? numbers[at] === 1 : jsonNumber(numbers[at]!);
}
