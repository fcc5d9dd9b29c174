import type { ReadOptions } from '../format.ts';
import type { ExternalOptions, FallbackOptions, SliceOptions } from '../hdf5/options.ts';

/** Options of the NetCDF reader. */
export interface NetcdfOptions extends ReadOptions {
  /**
   * Reads the values of variables (`path`: those of these variables, or of all in these groups): a `sample` for each
   * slab, with `start`, `shape`, and for numbers `count`, `nanCount`, `min`, `max`, `mean`, `std` (of the population), and
   * the same of all slabs so far in `running`. A slab is a chunk of a NetCDF-4 variable (1 MiB of one without chunks);
   * of a classic file, whole rows or records of at most 256 KiB, of at most 1,024 values where `values` are wanted. A
   * classic file is read in its own order: fixed variables by their place, then record after record.
   * @defaultValue none
   */
  readonly slices?: boolean | SliceOptions | undefined;
  /**
   * Decodes values by the CF conventions: `_FillValue`, `missing_value` and what lies outside of `valid_range` are
   * missing (`null`, counted as NaN), `scale_factor` and `add_offset` are applied, times become ISO 8601. Acts on
   * `slices`. @defaultValue false
   */
  readonly cf?: boolean | undefined;
  /**
   * For NetCDF-4 variables with filters that this reader does not decode itself (szip, nbit ...): the HDF5 library, by
   * the package h5wasm, in a worker. `false`: an issue instead. @defaultValue {}
   */
  readonly fallback?: false | FallbackOptions | undefined;
  /**
   * Reads values of NetCDF-4 variables that stand in other files, where these are in this folder: names are taken next
   * to the input where that is a local file, else in the folder. What is refused is an issue `ERR_INPUT_OPEN`. Links to
   * other files are not followed. @defaultValue reported, not read
   */
  readonly followExternal?: ExternalOptions | undefined;
  /** A NetCDF-4 file from a pipe is held in memory up to this many bytes, then `ERR_NOT_SEEKABLE`. @defaultValue 16 MiB */
  readonly maxBufferedBytes?: number | undefined;
}
