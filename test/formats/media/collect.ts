import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { reader as audio } from '../../../src/formats/audio/reader.ts';
import type { AudioOptions, VideoOptions } from '../../../src/formats/media/options.ts';
import { reader as video } from '../../../src/formats/video/reader.ts';
import type {
  EndRecord,
  ExtractionRecord,
  FieldRecord,
  IssueRecord,
  ObjectRecord,
  SampleRecord,
} from '../../../src/records.ts';

/** All records of a file that the audio reader gives. */
export async function readAudio(source: Buffer | Input, options: AudioOptions = {}): Promise<ExtractionRecord[]> {
  return collect(audio.read(inputOf(source), options));
}

/** All records of a file that the video reader gives. */
export async function readVideo(source: Buffer | Input, options: VideoOptions = {}): Promise<ExtractionRecord[]> {
  return collect(video.read(inputOf(source), options));
}

function inputOf(source: Buffer | Input): Input {
  return Buffer.isBuffer(source) ? new MemoryInput(source) : source;
}

async function collect(batches: AsyncIterable<ExtractionRecord[]>): Promise<ExtractionRecord[]> {
  const records: ExtractionRecord[] = [];
  for await (const batch of batches) records.push(...batch);
  return records;
}

/** The value of a field. */
export function field(records: readonly ExtractionRecord[], path: string): FieldRecord['value'] | undefined {
  return records.find((record): record is FieldRecord => record.kind === 'field' && record.path === path)?.value;
}

export function objects(records: readonly ExtractionRecord[]): ObjectRecord[] {
  return records.filter((record): record is ObjectRecord => record.kind === 'object');
}

export function samples(records: readonly ExtractionRecord[]): SampleRecord[] {
  return records.filter((record): record is SampleRecord => record.kind === 'sample');
}

export function issues(records: readonly ExtractionRecord[]): IssueRecord[] {
  return records.filter((record): record is IssueRecord => record.kind === 'issue');
}

export function end(records: readonly ExtractionRecord[]): EndRecord {
  return records.at(-1) as EndRecord;
}

/** The records without what differs from run to run. */
export function timeless(records: readonly ExtractionRecord[]): unknown[] {
  return records.map((record) => (record.kind === 'end' ? { ...record, elapsedMs: 0, bytesRead: 0 } : record));
}
