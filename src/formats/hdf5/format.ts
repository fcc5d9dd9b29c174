import type { Format } from '../format.ts';
import type { Hdf5Options } from './options.ts';

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
/** Where a superblock may stand within the first 4 KiB (spec. III.A). */
const OFFSETS = [0, 512, 1024, 2048];

/** HDF5: groups, datasets and attributes, as records; elements of datasets on request. */
export const hdf5Format: Format<Hdf5Options> = {
  name: 'hdf5',
  title: 'HDF5',
  extensions: ['h5', 'hdf5', 'he5', 'hdf', 'h5ad', 'nxs'],
  mediaTypes: ['application/x-hdf5', 'application/x-hdf'],
  likelihood: (head) => (OFFSETS.some((at) => SIGNATURE.equals(head.subarray(at, at + SIGNATURE.length))) ? 1 : 0),
  load: async () => (await import('./reader.ts')).reader,
};
