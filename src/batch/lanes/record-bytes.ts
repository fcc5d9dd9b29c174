import type { ExtractionRecord, Json } from '../../records.ts';

/** Bytes that an envelope without its value takes in memory, about. */
const ENVELOPE_BYTES = 256;

/** Bytes that a record takes in memory, about: for marks, which need to see the few large ones. */
export function recordBytes(record: ExtractionRecord): number {
  const value = 'value' in record ? record.value : 'attributes' in record ? record.attributes : undefined;
  return ENVELOPE_BYTES + (value === undefined ? 0 : valueBytes(value));
}

function valueBytes(value: Json): number {
  if (typeof value === 'string') return value.length * 2;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 32;
  // Looks one level down: what is deeper has a file's own limits.
  for (const item of Object.values(value)) bytes += typeof item === 'string' ? item.length * 2 : 16;
  return bytes;
}

/** The same for a batch. */
export function batchBytes(batch: readonly ExtractionRecord[]): number {
  let bytes = 0;
  for (const record of batch) bytes += recordBytes(record);
  return bytes;
}
