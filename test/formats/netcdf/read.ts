import type { Chunk } from '../../../src/bytes/chunk.ts';
import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { TidegateError } from '../../../src/errors.ts';
import type { NetcdfOptions } from '../../../src/formats/netcdf/options.ts';
import { reader } from '../../../src/formats/netcdf/reader.ts';
import type {
  EndRecord,
  ExtractionRecord,
  FieldRecord,
  IssueRecord,
  ObjectRecord,
  SampleRecord,
} from '../../../src/records.ts';

/** All records of these bytes, or of an input. */
export async function readAll(source: Buffer | Input, options?: NetcdfOptions): Promise<ExtractionRecord[]> {
  const records: ExtractionRecord[] = [];
  const input = Buffer.isBuffer(source) ? new MemoryInput(source) : source;
  for await (const batch of reader.read(input, options)) records.push(...batch);
  return records;
}

export const end = (records: readonly ExtractionRecord[]): EndRecord => records.at(-1) as EndRecord;
export const issues = (records: readonly ExtractionRecord[]): IssueRecord[] =>
  records.filter((record): record is IssueRecord => record.kind === 'issue');
export const fields = (records: readonly ExtractionRecord[]): FieldRecord[] =>
  records.filter((record): record is FieldRecord => record.kind === 'field');
export const objects = (records: readonly ExtractionRecord[]): ObjectRecord[] =>
  records.filter((record): record is ObjectRecord => record.kind === 'object');
export const samples = (records: readonly ExtractionRecord[]): SampleRecord[] =>
  records.filter((record): record is SampleRecord => record.kind === 'sample');

/** The records without what tells how they were read. */
export function comparable(records: readonly ExtractionRecord[]): unknown[] {
  const HOW = new Set(['file', 'size', 'mtime', 'bytesRead', 'elapsedMs']);
  return records.map((record) => Object.fromEntries(Object.entries(record).filter(([key]) => !HOW.has(key))));
}

/** A pipe: gives at most `pieceBytes` at once, knows no size, and refuses to go back. */
export class PipeInput implements Input {
  readonly name = 'memory:';
  readonly mtime = undefined;
  readonly isSeekable = false;
  sizeBytes: number | undefined;
  bytesRead = 0;
  readonly #bytes: Buffer;
  readonly #pieceBytes: number;
  #offset = 0;

  constructor(bytes: Buffer, pieceBytes: number) {
    this.#bytes = bytes;
    this.#pieceBytes = pieceBytes;
  }

  async read(offset: number, lengthBytes: number): Promise<Chunk> {
    await Promise.resolve();
    if (offset < this.#offset) {
      throw new TidegateError('ERR_NOT_SEEKABLE', `Cannot go back to byte ${offset}`, { offset });
    }
    const parts: Buffer[] = [];
    const until = Math.min(offset + lengthBytes, this.#bytes.length);
    for (let at = offset; at < until; at += this.#pieceBytes) {
      parts.push(this.#bytes.subarray(at, Math.min(at + this.#pieceBytes, until)));
    }
    if (offset + lengthBytes > this.#bytes.length) this.sizeBytes = this.#bytes.length;
    this.#offset = Math.max(offset, until);
    const bytes = Buffer.concat(parts);
    this.bytesRead += bytes.length;
    // Borrowed memory: whoever keeps it longer than allowed sees it.
    return { bytes, offset, release: () => void bytes.fill(0xa5) };
  }

  close(): void {}
}
