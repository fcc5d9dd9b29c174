/** A value that JSON can carry. See `toJsonValue` for how other values become one. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The formats that tidegate reads; a registered format may add its own name. */
export type FormatName = 'binary' | 'dicom' | 'fits' | 'hdf5' | 'netcdf' | 'audio' | 'video' | (string & {});

/** What an `object` record describes. */
export type ObjectClass =
  | 'item'
  | 'hdu'
  | 'group'
  | 'dataset'
  | 'datatype'
  | 'link'
  | 'dimension'
  | 'variable'
  | 'stream'
  | 'chapter'
  | 'picture';

/** What every record has. */
export interface RecordBase {
  /** The input as given, normalised to a URI or path. */
  readonly file: string;
  readonly format: FormatName;
  /** 0, 1, 2 ... per file without a gap: a consumer can prove that it has all. */
  readonly seq: number;
}

/** Always the first record of a file. */
export interface FileRecord extends RecordBase {
  readonly kind: 'file';
  /** Bytes; -1 while unknown (a pipe). */
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly mtime?: string;
  readonly mediaType: string;
}

/** A thing that has parts: an item, an HDU, a dataset, a stream. */
export interface ObjectRecord extends RecordBase {
  readonly kind: 'object';
  readonly path: string;
  readonly class: ObjectClass;
  readonly dtype?: string;
  /** C order, slowest axis first, as NumPy shows it. */
  readonly shape?: readonly number[];
  readonly maxShape?: readonly (number | null)[];
  readonly chunks?: readonly number[];
  readonly codec?: string;
  /** First byte of its data in the file. */
  readonly offset?: number;
  /** Bytes of its data in the file. */
  readonly length?: number;
  readonly attributes?: Readonly<Record<string, Json>>;
}

/** One named value. */
export interface FieldRecord extends RecordBase {
  readonly kind: 'field';
  readonly path: string;
  readonly key: string;
  readonly name: string;
  readonly dtype: string;
  readonly value: Json;
  readonly unit?: string;
  readonly comment?: string;
  /** First byte of the value in the file. */
  readonly offset?: number;
  /** Bytes of the value in the file. */
  readonly length?: number;
  /** The value was not read: `value` is `null`, `offset` and `length` say where it is. */
  readonly bulk?: true;
}

/** One of many in a row: a chunk, a frame, a packet, a batch of table rows. */
export interface SampleRecord extends RecordBase {
  readonly kind: 'sample';
  readonly path: string;
  readonly index: number;
  /** Seconds. */
  readonly time?: number;
  readonly offset?: number;
  readonly length?: number;
  readonly value: Json;
}

/** Something about the file that its reader should know. */
export interface IssueRecord extends RecordBase {
  readonly kind: 'issue';
  /** An `ErrorCode`, or a format's own code. */
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly offset?: number;
  readonly path?: string;
}

/** How the file ended. */
export type EndStatus = 'ok' | 'partial' | 'failed';

/** Always the last record of a file, also after an error. */
export interface EndRecord extends RecordBase {
  readonly kind: 'end';
  readonly status: EndStatus;
  /** Records of this file, this one included. */
  readonly records: number;
  readonly bytesRead: number;
  readonly elapsedMs: number;
  readonly peakBytes?: number;
}

/** The one kind of thing that every source emits. */
export type ExtractionRecord = FileRecord | ObjectRecord | FieldRecord | SampleRecord | IssueRecord | EndRecord;
