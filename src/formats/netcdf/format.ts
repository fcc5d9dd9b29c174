import type { Format } from '../format.ts';
import type { NetcdfOptions } from './options.ts';

const HDF5_SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
/** HDF5 file format, III.A: the superblock stands at 0, 512, 1024, 2048 ... */
const SUPERBLOCK_OFFSETS = [0, 512, 1024, 2048];

function isClassic(head: Buffer): boolean {
  return head.length >= 4 && head.toString('latin1', 0, 3) === 'CDF' && [1, 2, 5].includes(head[3]!);
}

function isHdf5(head: Buffer): boolean {
  return SUPERBLOCK_OFFSETS.some((at) => head.subarray(at, at + HDF5_SIGNATURE.length).equals(HDF5_SIGNATURE));
}

/**
 * NetCDF: classic (CDF-1, CDF-2, CDF-5) and NetCDF-4. A NetCDF-4 file is an HDF5 file: its first bytes say no more,
 * so its name decides between the two formats.
 */
export const netcdfFormat: Format<NetcdfOptions> = {
  name: 'netcdf',
  title: 'NetCDF (classic 1, 2, 5 and NetCDF-4)',
  extensions: ['nc', 'nc4', 'cdf', 'netcdf', 'nc3', 'nc5', 'cdf5'],
  mediaTypes: ['application/x-netcdf', 'application/netcdf'],
  likelihood: (head) => (isClassic(head) || isHdf5(head) ? 1 : 0),
  load: async () => (await import('./reader.ts')).reader,
};
