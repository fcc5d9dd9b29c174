import type { ExecutionContext } from 'ava';
import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { SequentialInput } from '../../../src/bytes/sequential-input.ts';
import type { DicomOptions } from '../../../src/formats/dicom/options.ts';
import { reader } from '../../../src/formats/dicom/reader.ts';
import type { EndRecord, ExtractionRecord, FieldRecord, IssueRecord, SampleRecord } from '../../../src/records.ts';

/** All records of an input, which it closes, after a look at what holds for every file. */
export async function readInput(
  t: ExecutionContext,
  input: Input,
  options?: DicomOptions,
): Promise<ExtractionRecord[]> {
  const records: ExtractionRecord[] = [];
  for await (const batch of reader.read(input, options)) records.push(...batch);
  await input.close();
  if (records.some((record, index) => record.seq !== index)) t.fail('seq has a gap');
  if (records[0]?.kind !== 'file' || records.at(-1)?.kind !== 'end') t.fail('file record first, end record last');
  const end = records.at(-1) as EndRecord;
  const hasError = records.some((record) => record.kind === 'issue' && record.severity === 'error');
  if (hasError === (end.status === 'ok') || end.records !== records.length) t.fail('the end record is wrong');
  const codes = records.filter((record) => record.kind === 'issue').map((record) => record.code);
  if (codes.includes('ERR_INTERNAL')) t.fail(`a defect: ${JSON.stringify(records.filter((r) => r.kind === 'issue'))}`);
  return records;
}

export function readBytes(t: ExecutionContext, bytes: Uint8Array, options?: DicomOptions): Promise<ExtractionRecord[]> {
  return readInput(t, new MemoryInput(bytes), options);
}

/** A pipe over bytes, in pieces of the given size. */
export function pipeOf(bytes: Buffer, pieceBytes: number, isSync = false): SequentialInput {
  let at = 0;
  const next = () => {
    const piece = bytes.subarray(at, at + pieceBytes);
    at += pieceBytes;
    return piece.length === 0 ? undefined : piece;
  };
  const pull = isSync ? next : async () => next();
  return new SequentialInput({ pull, close: () => {} }, { name: 'memory:' });
}

export function fieldsOf(records: readonly ExtractionRecord[]): FieldRecord[] {
  return records.filter((record) => record.kind === 'field');
}

export function samplesOf(records: readonly ExtractionRecord[]): SampleRecord[] {
  return records.filter((record) => record.kind === 'sample');
}

export function issuesOf(records: readonly ExtractionRecord[]): IssueRecord[] {
  return records.filter((record) => record.kind === 'issue');
}

export function statusOf(records: readonly ExtractionRecord[]): string {
  return (records.at(-1) as EndRecord).status;
}

/** Value by path of all fields outside the file meta group. */
export function valuesOf(records: readonly ExtractionRecord[]): Record<string, unknown> {
  const fields = fieldsOf(records).filter((field) => !field.key.startsWith('0002'));
  return Object.fromEntries(fields.map((field) => [field.path, field.bulk ? 'bulk' : field.value]));
}

/** dtype by path of all fields outside the file meta group. */
export function typesOf(records: readonly ExtractionRecord[]): Record<string, string> {
  const fields = fieldsOf(records).filter((field) => !field.key.startsWith('0002'));
  return Object.fromEntries(fields.map((field) => [field.path, field.dtype]));
}
