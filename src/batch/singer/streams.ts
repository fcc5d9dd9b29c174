import { FILE_COLUMNS } from '../../sinks/rows/file-rows.ts';
import { RECORD_COLUMNS } from '../../sinks/rows/flat.ts';
import type { Column } from '../../sinks/rows/row.ts';

/** A property of a stream in JSON Schema, as far as Singer's targets understand it. */
interface PropertySchema {
  readonly type: readonly string[];
}

/** The JSON Schema of a stream. */
export interface StreamSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/** One of the two tables of the record contract, as a stream. */
export interface Stream {
  readonly name: 'records' | 'files';
  readonly columns: readonly Column[];
  /** What tells its rows apart: a target puts a row that comes again in the place of the one before. */
  readonly keys: readonly string[];
}

export const STREAMS: readonly Stream[] = [
  { name: 'records', columns: RECORD_COLUMNS, keys: ['file', 'seq'] },
  { name: 'files', columns: FILE_COLUMNS, keys: ['file'] },
];

const TYPES = { text: 'string', int: 'integer', num: 'number' } as const;

/** The schema of the columns of a stream. */
export function schemaOf(columns: readonly Column[]): StreamSchema {
  const typesOf = ({ type, isRequired }: Column) => (isRequired ? [TYPES[type]] : ['null', TYPES[type]]);
  return {
    type: 'object',
    properties: Object.fromEntries(columns.map((column) => [column.name, { type: typesOf(column) }])),
    required: columns.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    additionalProperties: false,
  };
}
