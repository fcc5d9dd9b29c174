import { jsonText } from './json-text.ts';
import type { Cell } from './row.ts';

/** In ES2024's library, and in every Node that tidegate runs on. */
interface WellFormable {
  toWellFormed(): string;
}

/** Text as it is, lone surrogates as U+FFFD; what is no text, but should be, by its JSON. */
export function textCell(value: unknown): string | null {
  if (typeof value === 'string') return (value as unknown as WellFormable).toWellFormed();
  return value === undefined || value === null ? null : jsonText(value);
}

/** A whole number that fits; else no value. */
export function wholeCell(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/** The smallest and the first too large integer of 64 bits. */
const INT64_MIN = -(2n ** 63n);
const INT64_END = 2n ** 63n;

/** Whether SQL and Parquet have a type for it. */
export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value < INT64_END;
}

/** A cell that is an integer, as small as it can be held. */
export function intCell(value: bigint): Cell {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
