import type { Datatype } from '../hdf5/index.ts';

/** A dimension: a dimension scale of the file, or one made up for data that have none. */
export interface Nc4Dimension {
  readonly name: string;
  readonly id: number;
  readonly group: Nc4Group;
  /** Of an unlimited dimension: the length of its scale, until `lengthCount` of its longest variable is known. */
  lengthCount: number;
  readonly isUnlimited: boolean;
}

/** A variable: only what is needed to give all variables their dimensions. The rest is read again for its record. */
export interface Nc4Variable {
  readonly name: string;
  /** Where HDF5 has it: the last part of the path may differ from `name`. */
  readonly hdf5Path: string;
  readonly address: number;
  readonly shape: readonly number[];
  readonly maxShape: readonly (number | null)[] | undefined;
  /** By axis; `undefined` while not known. */
  readonly dimensions: (Nc4Dimension | undefined)[];
  /** Dimensions that the file names by their numbers, `_Netcdf4Coordinates`. */
  readonly dimensionIds: readonly number[] | undefined;
  /** By axis: the address of the dimension scale that is attached. */
  readonly scaleAddresses: readonly (number | undefined)[] | undefined;
  readonly isScale: boolean;
}

/** A named type of the user. */
export interface Nc4Type {
  readonly name: string;
  readonly address: number;
  readonly type: Datatype;
  readonly group: Nc4Group;
}

/** A group and what is in it, in the order of the file: of creation where that is known, else by name. */
export interface Nc4Group {
  readonly name: string;
  /** Absolute, `/` for the root. */
  readonly path: string;
  readonly address: number;
  readonly parent: Nc4Group | undefined;
  readonly types: Nc4Type[];
  readonly dimensions: Nc4Dimension[];
  readonly variables: Nc4Variable[];
  readonly groups: Nc4Group[];
}

/** Where something of this name stands in a group. */
export function pathIn(group: Nc4Group, name: string): string {
  return group.path === '/' ? `/${name}` : `${group.path}/${name}`;
}
