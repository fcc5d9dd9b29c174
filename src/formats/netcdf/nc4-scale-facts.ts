import type { Reference, Value } from '../hdf5/index.ts';

/** `NAME` of a dimension scale that is a dimension and nothing else. */
const DIMENSION_ONLY = 'This is a netCDF dimension but not a netCDF variable.';
const NAMES = new Set(['CLASS', 'NAME', '_Netcdf4Dimid', '_Netcdf4Coordinates', 'DIMENSION_LIST']);

/** What the attributes of a dataset say about its dimensions (HDF5 dimension scales, and what NetCDF adds to them). */
export class ScaleFacts {
  isScale = false;
  isDimensionOnly = false;
  dimensionId: number | undefined;
  /** By axis: the numbers of the dimensions of a coordinate variable with several. */
  dimensionIds: readonly number[] | undefined;
  /** By axis: the address of the scale that is attached. */
  scaleAddresses: readonly (number | undefined)[] | undefined;

  /** `true` if an attribute of this name says something. */
  static isAbout(name: string): boolean {
    return NAMES.has(name);
  }

  take(name: string, values: readonly Value[]): void {
    const [first] = values;
    if (name === 'CLASS') this.isScale = first === 'DIMENSION_SCALE';
    else if (name === 'NAME') this.isDimensionOnly = typeof first === 'string' && first.startsWith(DIMENSION_ONLY);
    else if (name === '_Netcdf4Dimid' && typeof first === 'number') this.dimensionId = first;
    else if (name === '_Netcdf4Coordinates') this.dimensionIds = values.filter((value) => typeof value === 'number');
    // Several scales may be attached to an axis: the last one counts.
    else if (name === 'DIMENSION_LIST') this.scaleAddresses = values.map((value) => addressOf(lastOf(value)));
  }
}

function lastOf(value: Value): Value | undefined {
  return Array.isArray(value) ? value.at(-1) : undefined;
}

function addressOf(value: Value | undefined): number | undefined {
  return typeof value === 'object' && value !== null && 'address' in value ? (value as Reference).address : undefined;
}
