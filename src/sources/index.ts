export { from } from '../flow/from.ts';
export { type FromPullOptions, fromPull, type Open } from '../flow/from-pull.ts';
export { type ExtractOptions, extract } from './extract.ts';
export { type FromBinaryOptions, fromBinary } from './from-binary.ts';
export { type FromDicomOptions, fromDicom } from './from-dicom.ts';
export { type FromFileOptions, fromFile } from './from-file.ts';
