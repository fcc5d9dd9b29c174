import type { Input } from '../bytes/input.ts';
import type { ExtractionRecord, FormatName } from '../records.ts';

/** What every reader understands. A format adds its own options to these. */
export interface ReadOptions {
  /** Cancels the read: pending reads of the input are abandoned at once. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes per read where data (not headers) are read. @defaultValue 256 KiB */
  readonly chunkBytes?: number | undefined;
  /**
   * Records per batch. Larger ones gain nothing measurable, and outlive more minor collections, so that V8 lets its
   * young generation grow. @defaultValue 64
   */
  readonly batchCount?: number | undefined;
  /** Records of one file before `ERR_LIMIT`. @defaultValue Infinity */
  readonly maxRecords?: number | undefined;
  /** Nesting before `ERR_LIMIT`. @defaultValue 256 */
  readonly maxDepth?: number | undefined;
  /** Objects of one file before `ERR_LIMIT`. @defaultValue Infinity */
  readonly maxObjects?: number | undefined;
  /** Decompressed bytes per compressed byte before `ERR_LIMIT`. @defaultValue 100 */
  readonly maxInflateRatio?: number | undefined;
  /** Decompressed bytes of one file before `ERR_LIMIT`. @defaultValue Infinity */
  readonly maxInflateBytes?: number | undefined;
}

/** Batches of records, in the file's own order. */
export type RecordBatches = AsyncGenerator<ExtractionRecord[], void, void>;

/** Bytes in, batches of records out. */
export interface FormatReader<Options extends ReadOptions = ReadOptions> {
  /** Reads the whole input, `file` record first, `end` record last. The caller closes the input. */
  read(input: Input, options?: Options): RecordBatches;
}

/**
 * A format that tidegate can find and read. Register your own with `registerFormat`.
 */
export interface Format<Options extends ReadOptions = ReadOptions> {
  readonly name: FormatName;
  /** For people: `'DICOM (PS3.10)'`. */
  readonly title: string;
  /** Lower case, without the dot, the usual one first. */
  readonly extensions: readonly string[];
  /** The usual one first: it is the `mediaType` of the `file` record. */
  readonly mediaTypes: readonly string[];
  /**
   * Judges the first bytes of an input (4 KiB, or all if it is shorter): 1 = certainly this format,
   * 0 = certainly not, between = plausible; the highest wins, then the name decides.
   */
  likelihood(head: Buffer): number;
  /** Its reader takes gzip files as they are; for the others they are inflated on the way. @defaultValue false */
  readonly readsGzip?: boolean | undefined;
  /** Imports the reader, and so whatever packages it needs, on first use. */
  load(): Promise<FormatReader<Options>>;
}
