export type { Sink, SinkContext, SinkReport } from '../flow/sink.ts';
export { asSink, type SinkLike } from './as-sink.ts';
export type { ByteDestination, ByteOptions } from './destination.ts';
export type { TableName } from './table.ts';
export { type ArraySink, toArray } from './to-array.ts';
export { type CsvOptions, toCsv } from './to-csv.ts';
export { type JsonLinesOptions, toJsonLines } from './to-json-lines.ts';
export { type ParquetOptions, toParquet } from './to-parquet.ts';
export { toWritable } from './to-writable.ts';
