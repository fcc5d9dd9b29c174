import type { BinaryOptions } from './binary/options.ts';
import type { DicomOptions } from './dicom/options.ts';

/** Options that only one format knows, by the name of the format: for inputs whose format is not known before. */
export interface FormatOptions {
  readonly binary?: BinaryOptions | undefined;
  readonly dicom?: DicomOptions | undefined;
}
