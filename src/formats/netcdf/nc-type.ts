/** The names of the external types, as CDL and `ncdump` spell them. */
export type NcTypeName =
  | 'byte'
  | 'char'
  | 'short'
  | 'int'
  | 'float'
  | 'double'
  | 'ubyte'
  | 'ushort'
  | 'uint'
  | 'int64'
  | 'uint64';

/** An external type of the classic formats (NetCDF file format specification, `nc_type`). */
export interface NcType {
  readonly name: NcTypeName;
  readonly sizeBytes: number;
  /** The big-endian element at `offset`. */
  read(bytes: Buffer, offset: number): number | bigint;
}

function ncType(name: NcTypeName, sizeBytes: number, read: NcType['read']): NcType {
  return { name, sizeBytes, read };
}

const TYPES: readonly NcType[] = [
  ncType('byte', 1, (bytes, at) => bytes.readInt8(at)),
  ncType('char', 1, (bytes, at) => bytes.readUInt8(at)),
  ncType('short', 2, (bytes, at) => bytes.readInt16BE(at)),
  ncType('int', 4, (bytes, at) => bytes.readInt32BE(at)),
  ncType('float', 4, (bytes, at) => bytes.readFloatBE(at)),
  ncType('double', 8, (bytes, at) => bytes.readDoubleBE(at)),
  ncType('ubyte', 1, (bytes, at) => bytes.readUInt8(at)),
  ncType('ushort', 2, (bytes, at) => bytes.readUInt16BE(at)),
  ncType('uint', 4, (bytes, at) => bytes.readUInt32BE(at)),
  ncType('int64', 8, (bytes, at) => bytes.readBigInt64BE(at)),
  ncType('uint64', 8, (bytes, at) => bytes.readBigUInt64BE(at)),
];

/** The type with this number in a file (NC_BYTE = 1 ... NC_UINT64 = 11), if there is one. */
export function ncTypeOf(code: number): NcType | undefined {
  return TYPES[code - 1];
}

/** NC_UBYTE and what follows: only CDF-5 files should have these. */
export function isExtendedType(type: NcType): boolean {
  return TYPES.indexOf(type) >= 6;
}
