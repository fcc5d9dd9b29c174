import { TidegateError } from '../errors.ts';
import type { EndStatus, ExtractionRecord, FormatName, SampleRecord } from '../records.ts';
import type { FieldBody, IssueBody, ObjectBody, SampleBody } from './record-bodies.ts';

export type { FieldBody, IssueBody, ObjectBody, SampleBody } from './record-bodies.ts';

/** Limits and batch size of a {@link Recorder}. */
export interface RecorderOptions {
  readonly batchCount: number;
  readonly maxRecords: number;
  readonly maxObjects: number;
}

type Draft = Record<string, unknown>;

/** Collects the records of one file into batches and numbers them. A reader yields `take()` whenever `isFull`. */
export class Recorder {
  readonly fileName: string;
  readonly formatName: FormatName;
  readonly #options: RecorderOptions;
  #batch: ExtractionRecord[] = [];
  #seq = 0;
  #objectCount = 0;
  #findingCount = 0;
  #hasError = false;

  constructor(file: string, format: FormatName, options: RecorderOptions) {
    this.fileName = file;
    this.formatName = format;
    this.#options = options;
  }

  /** The batch is as large as it should get: yield `take()`. */
  get isFull(): boolean {
    return this.#batch.length >= this.#options.batchCount;
  }

  /** Records that the batch has room for. */
  get roomCount(): number {
    return this.#options.batchCount - this.#batch.length;
  }

  /** What the file amounts to so far: `failed` if an error came before any finding. */
  get status(): EndStatus {
    return !this.#hasError ? 'ok' : this.#findingCount > 0 ? 'partial' : 'failed';
  }

  /** Number of the next record. */
  get seq(): number {
    return this.#seq;
  }

  /** The records since the last call. */
  take(): ExtractionRecord[] {
    const batch = this.#batch;
    this.#batch = [];
    return batch;
  }

  /** Adds the first record of the file. */
  file(size: number | undefined, mtime: string | undefined, mediaType: string): void {
    const record: Draft = {
      file: this.fileName,
      format: this.formatName,
      seq: this.#seq++,
      kind: 'file',
      size: size ?? -1,
    };
    if (mtime !== undefined) record.mtime = mtime;
    record.mediaType = mediaType;
    this.#push(record);
  }

  /** Adds an object. `ERR_LIMIT` beyond `maxObjects`. */
  object(body: ObjectBody): void {
    if (++this.#objectCount > this.#options.maxObjects) this.#refuse('maxObjects', body.offset);
    this.#finding(body.offset);
    const { path, class: objectClass, dtype, shape, offset, length, attributes } = body;
    const file = this.fileName;
    const format = this.formatName;
    const seq = this.#seq++;
    const kind = 'object';
    const isPlain = body.maxShape === undefined && body.chunks === undefined && body.codec === undefined;
    if (isPlain && dtype && shape && attributes && offset !== undefined && length !== undefined) {
      // Most datasets and variables look like this: see `field`.
      this.#push({ file, format, seq, kind, path, class: objectClass, dtype, shape, offset, length, attributes });
      return;
    }
    const record: Draft = { file, format, seq, kind, path, class: objectClass };
    if (dtype !== undefined) record.dtype = dtype;
    if (shape !== undefined) record.shape = shape;
    if (body.maxShape !== undefined) record.maxShape = body.maxShape;
    if (body.chunks !== undefined) record.chunks = body.chunks;
    if (body.codec !== undefined) record.codec = body.codec;
    if (offset !== undefined) record.offset = offset;
    if (length !== undefined) record.length = length;
    if (attributes !== undefined) record.attributes = attributes;
    this.#push(record);
  }

  /** Adds a field. */
  field(body: FieldBody): void {
    this.#finding(body.offset);
    const { path, key, name, dtype, value, unit, comment, offset, length, bulk } = body;
    const file = this.fileName;
    const format = this.formatName;
    const seq = this.#seq++;
    const kind = 'field';
    if (offset !== undefined && length !== undefined && !bulk && unit === undefined && comment === undefined) {
      // Most fields look like this, and an object made in one piece costs half of one that grows (bench/netcdf.ts).
      this.#push({ file, format, seq, kind, path, key, name, dtype, value, offset, length });
      return;
    }
    const record: Draft = { file, format, seq, kind, path, key, name, dtype, value };
    if (unit !== undefined) record.unit = unit;
    if (comment !== undefined) record.comment = comment;
    if (offset !== undefined) record.offset = offset;
    if (length !== undefined) record.length = length;
    if (bulk !== undefined) record.bulk = bulk;
    this.#push(record);
  }

  /** Adds a sample. */
  sample(body: SampleBody): void {
    this.#finding(body.offset);
    const record: Draft = {
      file: this.fileName,
      format: this.formatName,
      seq: this.#seq++,
      kind: 'sample',
      path: body.path,
    };
    record.index = body.index;
    if (body.time !== undefined) record.time = body.time;
    if (body.offset !== undefined) record.offset = body.offset;
    if (body.length !== undefined) record.length = body.length;
    record.value = body.value;
    this.#push(record);
  }

  /**
   * Adds a sample that the caller has made in one piece, with {@link fileName}, {@link formatName} and {@link seq} in
   * it: for loops that make very many, where V8 would compile {@link sample}, its caller and both together.
   */
  add(record: SampleRecord): void {
    this.#finding(record.offset);
    this.#seq++;
    this.#push(record);
  }

  /** Adds an issue. One of severity `error` makes the file `partial` or `failed`. */
  issue(body: IssueBody): void {
    if (body.severity === 'error') this.#hasError = true;
    const record: Draft = {
      file: this.fileName,
      format: this.formatName,
      seq: this.#seq++,
      kind: 'issue',
      code: body.code,
    };
    record.severity = body.severity;
    record.message = body.message;
    if (body.offset !== undefined) record.offset = body.offset;
    if (body.path !== undefined) record.path = body.path;
    this.#push(record);
  }

  /** Adds the last record of the file. */
  end(bytesRead: number, elapsedMs: number): void {
    const record: Draft = { file: this.fileName, format: this.formatName, seq: this.#seq++, kind: 'end' };
    Object.assign(record, { status: this.status, records: this.#seq, bytesRead, elapsedMs });
    this.#push(record);
  }

  #finding(offset: number | undefined): void {
    if (++this.#findingCount > this.#options.maxRecords) this.#refuse('maxRecords', offset);
  }

  #push(record: Draft | ExtractionRecord): void {
    // Not `push`: V8 compiles it for arrays that hold objects, and throws that away at the next empty one
    this.#batch[this.#batch.length] = record as ExtractionRecord;
  }

  #refuse(limit: 'maxRecords' | 'maxObjects', offset: number | undefined): never {
    const message = `Cannot read more of this file: ${limit} of ${this.#options[limit]} reached`;
    throw new TidegateError('ERR_LIMIT', message, { file: this.fileName, offset, limit });
  }
}
