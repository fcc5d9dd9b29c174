/** A number in fixed point; `bitOffset` and `bitCount` tell where in its bytes it stands. */
export interface IntegerType {
  readonly class: 'integer' | 'bitfield';
  readonly sizeBytes: number;
  readonly isBigEndian: boolean;
  readonly isSigned: boolean;
  readonly bitOffset: number;
  readonly bitCount: number;
}

/** A number in floating point, of any layout (spec. IV.A.2.d, class 1). */
export interface FloatType {
  readonly class: 'float';
  readonly sizeBytes: number;
  readonly byteOrder: 'little' | 'big' | 'vax';
  readonly signBit: number;
  readonly exponentBit: number;
  readonly exponentBits: number;
  readonly exponentBias: number;
  readonly mantissaBit: number;
  readonly mantissaBits: number;
  /** 2: the first bit of the mantissa is 1 and not stored (IEEE 754); 1: stored, always 1; 0: no such rule. */
  readonly normalization: number;
}

/** Text: fixed length here, variable length in {@link VlenType}. */
export interface StringType {
  readonly class: 'string';
  readonly sizeBytes: number;
  readonly padding: 'nul-terminated' | 'nul-padded' | 'space-padded';
  readonly charset: 'ascii' | 'utf8';
}

export interface OpaqueType {
  readonly class: 'opaque';
  readonly sizeBytes: number;
  readonly tag: string;
}

export interface TimeType {
  readonly class: 'time';
  readonly sizeBytes: number;
  readonly isBigEndian: boolean;
}

export interface CompoundType {
  readonly class: 'compound';
  readonly sizeBytes: number;
  readonly members: readonly { readonly name: string; readonly byteOffset: number; readonly type: Datatype }[];
}

export interface ReferenceType {
  readonly class: 'reference';
  readonly sizeBytes: number;
  /** `region` and `object` are those before HDF5 1.12; the others its `H5R_ref_t`. */
  readonly kind: 'object' | 'region' | 'object2' | 'region2' | 'attribute2';
}

export interface EnumType {
  readonly class: 'enum';
  readonly sizeBytes: number;
  readonly base: Datatype;
  /** Names in the file's order; their values stand in `valueBytes`, each of `base.sizeBytes`. */
  readonly names: readonly string[];
  readonly valueBytes: Buffer;
}

/** A sequence of any length, or text of any length; each element is a pointer into the global heap. */
export interface VlenType {
  readonly class: 'vlen';
  readonly sizeBytes: number;
  readonly isString: boolean;
  readonly charset: 'ascii' | 'utf8';
  readonly base: Datatype;
}

export interface ArrayType {
  readonly class: 'array';
  readonly sizeBytes: number;
  readonly shape: readonly number[];
  readonly base: Datatype;
}

/** Two numbers, real and imaginary (HDF5 2.0). */
export interface ComplexType {
  readonly class: 'complex';
  readonly sizeBytes: number;
  readonly base: Datatype;
}

/** What one element is made of (spec. IV.A.2.d). */
export type Datatype =
  | IntegerType
  | FloatType
  | StringType
  | OpaqueType
  | TimeType
  | CompoundType
  | ReferenceType
  | EnumType
  | VlenType
  | ArrayType
  | ComplexType;
