import { ContainedFiles } from '../../bytes/contained-files.ts';
import { positiveInteger } from '../../options.ts';
import type { FormatReader } from '../format.ts';
import { readRecords } from '../read-file.ts';
import { readClassic } from './classic-reader.ts';
import { netcdfFormat } from './format.ts';
import { HeaderWindow } from './header-window.ts';
import type { NetcdfOptions } from './options.ts';
import { sliceChoice } from './slice-options.ts';

const FORMAT = { name: netcdfFormat.name, mediaType: netcdfFormat.mediaTypes[0]! };

/** Reads NetCDF files: the classic formats by their own header, NetCDF-4 as a model over the HDF5 reader. */
export const reader: FormatReader<NetcdfOptions> = {
  read(input, options = {}) {
    positiveInteger('chunkBytes', options.chunkBytes ?? 1);
    sliceChoice(options);
    const root = options.followExternal && new ContainedFiles(options.followExternal.root);
    return readRecords(input, FORMAT, options, async (out) => {
      const window = new HeaderWindow(input, options.signal);
      await window.fill(4);
      if (window.held(0).toString('latin1', 0, 3) === 'CDF') return readClassic(window, input, options, out);
      return (await import('./nc4-reader.ts')).readNc4(window, input, { ...options, root }, out);
    });
  },
};
