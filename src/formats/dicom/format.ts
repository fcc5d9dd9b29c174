import type { Format } from '../format.ts';
import type { DicomOptions } from './options.ts';
import { dicomLikelihood } from './sniff.ts';

/** DICOM files: PS3.10, with and without preamble, and bare data sets of PS3.5. */
export const dicomFormat: Format<DicomOptions> = {
  name: 'dicom',
  title: 'DICOM (PS3.10)',
  extensions: ['dcm', 'dicom', 'dic', 'ima'],
  mediaTypes: ['application/dicom'],
  likelihood: dicomLikelihood,
  readsGzip: true,
  load: async () => (await import('./reader.ts')).reader,
};
