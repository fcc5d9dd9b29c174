import type { ReadOptions } from '../format.ts';

/** Options for reading HDF5. */
export interface Hdf5Options extends ReadOptions {
  /** Bytes of the file's structure kept in memory. @defaultValue 2 MiB */
  readonly cacheBytes?: number | undefined;
  /**
   * An input that can only be read front to back (a pipe) is kept in memory up to this many bytes, then
   * `ERR_NOT_SEEKABLE`: HDF5 has no order that could be read in one pass. @defaultValue 16 MiB
   */
  readonly maxBufferedBytes?: number | undefined;
}
