import type { ReadOptions } from '../format.ts';

/** Which values of variables are read, and how. */
export interface NetcdfSlices {
  /** Path of the one variable to read, or several: `'/temp'`. @defaultValue all */
  readonly path?: string | readonly string[] | undefined;
  /** Carry the values themselves, not their statistics alone: slabs have at most 1,024 values then. @defaultValue false */
  readonly values?: boolean | undefined;
}

/** Options of the NetCDF reader. */
export interface NetcdfOptions extends ReadOptions {
  /** Read the values of variables: a `sample` for each slab, with its statistics. @defaultValue false */
  readonly slices?: boolean | NetcdfSlices | undefined;
  /**
   * Decode values by the CF conventions: `_FillValue`, `missing_value` and what lies outside of `valid_range` are
   * missing, `scale_factor` and `add_offset` are applied, times become ISO 8601. Acts on `slices`.
   * @defaultValue false
   */
  readonly cf?: boolean | undefined;
}
