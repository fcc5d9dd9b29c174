import { type File, FS, File as LibraryFile, ready } from 'h5wasm';
import type { Chunk } from '../../../src/bytes/chunk.ts';
import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import type { Hdf5Options } from '../../../src/formats/hdf5/options.ts';
import { reader } from '../../../src/formats/hdf5/reader.ts';
import type { EndRecord, ExtractionRecord } from '../../../src/records.ts';

let count = 0;

/** The bytes of a file that the HDF5 library writes (by h5wasm, in memory), of the oldest format by default. */
export async function h5File(
  build: (file: File) => void,
  libver: 'earliest' | 'v110' | 'latest' = 'earliest',
  isTracked = false,
): Promise<Buffer> {
  await ready;
  const path = `/made-${count++}.h5`;
  const file = new LibraryFile(path, 'w', {
    track_order: isTracked,
    libver: libver === 'earliest' ? ['earliest', 'latest'] : libver,
  });
  build(file);
  file.close();
  const bytes = Buffer.from(FS!.readFile(path));
  FS!.unlink(path);
  return bytes;
}

/** All records of an input, or of bytes. */
export async function recordsOf(source: Input | Buffer, options: Hdf5Options = {}): Promise<ExtractionRecord[]> {
  const input = Buffer.isBuffer(source) ? new MemoryInput(source) : source;
  const records: ExtractionRecord[] = [];
  for await (const batch of reader.read(input, options)) records.push(...batch);
  return records;
}

/** Records without what differs from run to run. */
export function facts(records: readonly ExtractionRecord[]): unknown[] {
  return records.map((record) =>
    record.kind === 'end'
      ? { ...record, elapsedMs: 0, bytesRead: 0 }
      : record.kind === 'file'
        ? { ...record, mtime: '' }
        : record,
  );
}

/** The end record. */
export function endOf(records: readonly ExtractionRecord[]): EndRecord {
  return records.at(-1) as EndRecord;
}

/** `path` of each object -> its class. */
export function classes(records: readonly ExtractionRecord[]): Record<string, string> {
  return Object.fromEntries(
    records.flatMap((record) => (record.kind === 'object' ? [[record.path, record.class]] : [])),
  );
}

/** `path` of each field -> its value. */
export function values(records: readonly ExtractionRecord[]): Map<string, unknown> {
  return new Map(records.flatMap((record) => (record.kind === 'field' ? [[record.path, record.value] as const] : [])));
}

/** An input whose every read has to be waited for. */
export class SlowInput implements Input {
  readonly name = 'memory:';
  readonly sizeBytes: number;
  readonly mtime: undefined = undefined;
  readonly isSeekable = true;
  bytesRead = 0;
  reads = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.sizeBytes = bytes.length;
  }

  async read(offset: number, lengthBytes: number): Promise<Chunk> {
    await undefined;
    this.reads++;
    const bytes = Buffer.from(this.#bytes.subarray(offset, offset + lengthBytes));
    this.bytesRead += bytes.length;
    // What was lent is overwritten when it is given back.
    return { bytes, offset, release: () => void bytes.fill(0xee) };
  }

  close(): void {}
}
