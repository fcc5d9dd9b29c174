import type { NcType } from './nc-type.ts';

/*
 * Names and texts are binary strings here: one character a byte, whatever the character set of the file.
 */

/** 1 = classic, 2 = 64-bit offset, 5 = 64-bit data. */
export type ClassicVersion = 1 | 2 | 5;

/** What the header begins with. */
export interface ClassicStart {
  readonly kind: 'start';
  readonly version: ClassicVersion;
  /** `numrecs`; `undefined` = STREAMING: the size of the file tells. */
  readonly recordCount: number | undefined;
}

/** `dim` of the specification. The record dimension has no length of its own, its `lengthCount` is 0. */
export interface ClassicDimension {
  readonly kind: 'dimension';
  readonly name: string;
  readonly lengthCount: number;
  readonly isRecord: boolean;
}

/** `attr` of the specification. */
export interface ClassicAttribute {
  readonly kind: 'attribute';
  readonly name: string;
  readonly type: NcType;
  readonly count: number;
  readonly offset: number;
  readonly lengthBytes: number;
  /** `char` as a binary string, else numbers; `undefined` if it is too long to be held. */
  readonly value: string | readonly (number | bigint)[] | undefined;
}

/** `var` of the specification, without `vsize`: it is redundant, and too small for variables beyond 4 GiB. */
export interface ClassicVariable {
  readonly kind: 'variable';
  readonly name: string;
  readonly dimensions: readonly ClassicDimension[];
  readonly attributes: readonly ClassicAttribute[];
  readonly type: NcType;
  /** First byte of its data; of a record variable: in the first record. */
  readonly begin: number;
  /** Bytes of its data, of a record variable in one record, without padding. */
  readonly slabBytes: number;
  readonly isRecord: boolean;
}

/** Something odd that readers live with. */
export interface ClassicOddity {
  readonly kind: 'oddity';
  readonly message: string;
  readonly offset: number;
}

/** The header has been read. */
export interface ClassicEnd {
  readonly kind: 'end';
  /** The byte behind the header. */
  readonly offset: number;
}

/** A part of a header, in the file's own order. */
export type ClassicElement =
  | ClassicStart
  | ClassicDimension
  | ClassicAttribute
  | ClassicVariable
  | ClassicOddity
  | ClassicEnd;
