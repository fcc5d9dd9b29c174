export type { DigestName } from './binary/digests.ts';
export type { BinaryOptions, SignatureSource } from './binary/options.ts';
export { type Detection, type DetectOptions, detect } from './detect.ts';
export type { DicomOptions } from './dicom/options.ts';
export type { FitsOptions, HduSelection, PixelOptions, RowOptions } from './fits/options.ts';
export type { Format, FormatReader, ReadOptions, RecordBatches } from './format.ts';
export type { FormatOptions } from './format-options.ts';
export type { ExternalOptions, FallbackOptions, Hdf5Options, SliceOptions } from './hdf5/options.ts';
export type {
  AudioFrameOptions,
  AudioOptions,
  FfmpegOptions,
  MediaOptions,
  VideoFrameOptions,
  VideoOptions,
} from './media/options.ts';
export type { NetcdfOptions } from './netcdf/options.ts';
export type { ReadAnyOptions } from './read-any.ts';
export { type ReadBody, readRecords } from './read-file.ts';
export {
  type FieldBody,
  type IssueBody,
  type ObjectBody,
  Recorder,
  type RecorderOptions,
  type SampleBody,
} from './recorder.ts';
export { formatNamed, formats, registerFormat } from './registry.ts';
