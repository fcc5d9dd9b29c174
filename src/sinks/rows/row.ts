/** What a cell may hold; `null` is no value. Text is well-formed Unicode, integers beyond 2^53 are bigints. */
export type Cell = string | number | bigint | null;

/** One row: a cell for each column, in their order. */
export type Row = readonly Cell[];

/** What a row takes in memory beside its text, about. */
const ROW_BYTES = 256;

/** Bytes that a row takes in memory, about. */
export function rowBytes(row: Row): number {
  let bytes = ROW_BYTES;
  for (const cell of row) if (typeof cell === 'string') bytes += cell.length;
  return bytes;
}

/** A column of a table. `int` is 64 bits with sign, `num` a 64-bit float. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'int' | 'num';
  /** Has a value in every row. */
  readonly isRequired: boolean;
}

/** Columns by name and type; a name with `!` at its end has a value in every row. */
export function columns(spec: Readonly<Record<string, Column['type']>>): readonly Column[] {
  return Object.entries(spec).map(([name, type]) => ({
    name: name.replace('!', ''),
    type,
    isRequired: name.endsWith('!'),
  }));
}
