import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import type { FitsOptions } from '../../../src/formats/fits/options.ts';
import { reader } from '../../../src/formats/fits/reader.ts';
import type {
  EndRecord,
  ExtractionRecord,
  FieldRecord,
  IssueRecord,
  ObjectRecord,
  SampleRecord,
} from '../../../src/records.ts';

const BLOCK_BYTES = 2880;

/** A card of these characters, padded to 80. */
export const raw = (text: string): string => text.padEnd(80).slice(0, 80);

/** `KEYWORD = value / comment`; text is quoted. */
export function card(keyword: string, value: string | number | bigint | boolean, comment?: string): string {
  const text =
    typeof value === 'string'
      ? `'${value.replaceAll("'", "''").padEnd(8)}'`
      : String(value === true ? 'T' : value === false ? 'F' : value).padStart(20);
  return raw(`${keyword.padEnd(8)}= ${text}${comment === undefined ? '' : ` / ${comment}`}`);
}

/** A header of these cards with END, padded to whole blocks. */
export function header(...cards: string[]): Buffer {
  const text = [...cards, raw('END')].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1');
}

/** Data padded to whole blocks. */
export function padded(data: Uint8Array, fill = 0): Buffer {
  const bytes = Buffer.alloc(Math.ceil(data.length / BLOCK_BYTES) * BLOCK_BYTES, fill);
  bytes.set(data);
  return bytes;
}

/** A primary image. */
export function image(bitpix: number, axes: readonly number[], data: Uint8Array, ...cards: string[]): Buffer {
  return Buffer.concat([header(...imageCards(bitpix, axes), ...cards), padded(data)]);
}

export function imageCards(bitpix: number, axes: readonly number[], first: string = card('SIMPLE', true)): string[] {
  return [
    first,
    card('BITPIX', bitpix),
    card('NAXIS', axes.length),
    ...axes.map((axis, i) => card(`NAXIS${i + 1}`, axis)),
  ];
}

/** A primary HDU without data. */
export const emptyPrimary = (): Buffer => header(card('SIMPLE', true), card('BITPIX', 8), card('NAXIS', 0));

/** A column of {@link table}. */
export interface ColumnSpec {
  readonly name: string;
  readonly form: string;
  readonly cards?: (number: number) => string[];
}

/** A primary HDU without data, and a binary table with its heap behind it. */
export function table(columns: readonly ColumnSpec[], rows: readonly Buffer[], heap: Buffer = Buffer.alloc(0)): Buffer {
  const rowBytes = rows[0]?.length ?? 0;
  const cards = columns.flatMap(({ name, form, cards: more }, i) => [
    card(`TTYPE${i + 1}`, name),
    card(`TFORM${i + 1}`, form),
    ...(more?.(i + 1) ?? []),
  ]);
  const head = header(
    ...imageCards(8, [rowBytes, rows.length], card('XTENSION', 'BINTABLE')),
    card('PCOUNT', heap.length),
    card('GCOUNT', 1),
    card('TFIELDS', columns.length),
    ...cards,
  );
  return Buffer.concat([emptyPrimary(), head, padded(Buffer.concat([...rows, heap]))]);
}

/** All records of an input or of bytes. */
export async function records(source: Input | Uint8Array, options: FitsOptions = {}): Promise<ExtractionRecord[]> {
  const input = source instanceof Uint8Array ? new MemoryInput(source) : source;
  const all: ExtractionRecord[] = [];
  for await (const batch of reader.read(input, options)) all.push(...batch);
  return all;
}

export const fields = (all: readonly ExtractionRecord[]): FieldRecord[] =>
  all.filter((record): record is FieldRecord => record.kind === 'field');
export const objects = (all: readonly ExtractionRecord[]): ObjectRecord[] =>
  all.filter((record): record is ObjectRecord => record.kind === 'object');
export const samples = (all: readonly ExtractionRecord[]): SampleRecord[] =>
  all.filter((record): record is SampleRecord => record.kind === 'sample');
export const issues = (all: readonly ExtractionRecord[]): IssueRecord[] =>
  all.filter((record): record is IssueRecord => record.kind === 'issue');
export const end = (all: readonly ExtractionRecord[]): EndRecord => all.at(-1) as EndRecord;

/** The field at a path. */
export function field(all: readonly ExtractionRecord[], path: string): FieldRecord | undefined {
  return fields(all).find((record) => record.path === path);
}
