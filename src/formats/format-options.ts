import type { BinaryOptions } from './binary/options.ts';
import type { DicomOptions } from './dicom/options.ts';
import type { FitsOptions } from './fits/options.ts';
import type { Hdf5Options } from './hdf5/options.ts';
import type { AudioOptions, VideoOptions } from './media/options.ts';
import type { NetcdfOptions } from './netcdf/options.ts';

/** Options that only one format knows, by the name of the format: for inputs whose format is not known before. */
export interface FormatOptions {
  readonly audio?: AudioOptions | undefined;
  readonly binary?: BinaryOptions | undefined;
  readonly dicom?: DicomOptions | undefined;
  readonly fits?: FitsOptions | undefined;
  readonly hdf5?: Hdf5Options | undefined;
  readonly netcdf?: NetcdfOptions | undefined;
  readonly video?: VideoOptions | undefined;
}
