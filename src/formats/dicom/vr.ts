/** How the bytes of a value representation are understood. */
export type VrKind = 'bytes' | 'number' | 'tag' | 'decimal' | 'integer' | 'name' | 'texts' | 'text' | 'sequence';

/** A value representation of PS3.5 6.2, or one of the ambiguous ones of the dictionary. */
export interface Vr {
  /** `'PN'`. */
  readonly name: string;
  readonly kind: VrKind;
  /** Bytes of one element of a binary value: the unit of byte swapping. */
  readonly unitBytes: number;
  /** SpecificCharacterSet applies (PS3.5 6.1.2.3). */
  readonly hasCharacterSet: boolean;
}

/** A value representation as a number: its two letters, the first in the high byte. */
export type VrCode = number;

/** `'PN'` -> 0x504E. */
export function vrCode(name: string): VrCode {
  return (name.charCodeAt(0) << 8) | name.charCodeAt(1);
}

const KINDS: Readonly<Record<VrKind, string>> = {
  bytes: 'OB1 OW2 OF4 OD8 OL4 OV8 UN1',
  number: 'US2 SS2 UL4 SL4 FL4 FD8 SV8 UV8',
  tag: 'AT2',
  decimal: 'DS1',
  integer: 'IS1',
  name: 'PN1',
  texts: 'AE1 AS1 CS1 DA1 DT1 LO1 SH1 TM1 UC1 UI1',
  text: 'LT1 ST1 UR1 UT1',
  sequence: 'SQ1',
};
/** PS3.5 7.1.2: two reserved bytes, then a 4-byte length. */
const LONG = 'OB OD OF OL OV OW SQ SV UC UN UR UT UV';
const WITH_CHARACTER_SET = 'LO LT PN SH ST UC UT';

/** Flag of {@link VR_FLAGS}: a value representation of the standard. */
export const VR_KNOWN = 1;
/** Flag of {@link VR_FLAGS}: the header has a 4-byte length. */
export const VR_LONG = 2;
/** Flags by code; a flat table, because the scanner looks here for every element. */
export const VR_FLAGS: Uint8Array = new Uint8Array(0x10000);
const VRS = new Map<VrCode, Vr>();

for (const [kind, list] of Object.entries(KINDS) as [VrKind, string][]) {
  for (const entry of list.split(' ')) {
    const name = entry.slice(0, 2);
    const hasCharacterSet = WITH_CHARACTER_SET.includes(name);
    VRS.set(vrCode(name), { name, kind, unitBytes: Number(entry[2]), hasCharacterSet });
    VR_FLAGS[vrCode(name)] = VR_KNOWN | (LONG.includes(name) ? VR_LONG : 0);
  }
}

/** Codes that the scanner compares with. */
export const OB: VrCode = vrCode('OB');
export const OW: VrCode = vrCode('OW');
export const SQ: VrCode = vrCode('SQ');
export const UN: VrCode = vrCode('UN');
export const US: VrCode = vrCode('US');
export const SS: VrCode = vrCode('SS');
export const UL: VrCode = vrCode('UL');
export const LO: VrCode = vrCode('LO');
/** US or SS, as (0028,0103) says; the dictionary's own mark. */
export const US_OR_SS: VrCode = vrCode('xs');
/** OB or OW, as the transfer syntax says; the dictionary's own mark. */
export const OB_OR_OW: VrCode = vrCode('ox');

const UNKNOWN = VRS.get(UN)!;

/** The value representation of a code; UN for a code that the standard does not know. */
export function vrOf(code: VrCode): Vr {
  return VRS.get(code) ?? UNKNOWN;
}
