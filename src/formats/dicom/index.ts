export { dicomFormat } from './format.ts';
export type { BulkValue } from './json-visitor.ts';
export type { DicomOptions } from './options.ts';
export type { FrameChunk, FrameOptions } from './read-frames.ts';
export { readFrames } from './read-frames.ts';
export type { DataSetOptions } from './to-data-set.ts';
export { toDataSet } from './to-data-set.ts';
export type { DicomJsonOptions } from './to-dicom-json.ts';
export { toDicomJson } from './to-dicom-json.ts';
