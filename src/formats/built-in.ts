import { audioFormat } from './audio/format.ts';
import { binaryFormat } from './binary/format.ts';
import { dicomFormat } from './dicom/format.ts';
import { fitsFormat } from './fits/format.ts';
import type { Format } from './format.ts';
import { hdf5Format } from './hdf5/format.ts';
import { netcdfFormat } from './netcdf/format.ts';
import { videoFormat } from './video/format.ts';

/**
 * The formats that tidegate brings along, descriptors only: a reader is loaded when the first input needs it. Where
 * two find the same input equally likely and its name does not help, the earlier one wins; `binary` is the last
 * resort.
 */
export const BUILT_IN: readonly Format[] = [
  dicomFormat,
  fitsFormat,
  hdf5Format,
  netcdfFormat,
  audioFormat,
  videoFormat,
  binaryFormat,
];
