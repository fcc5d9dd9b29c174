import type { Header } from './header/header.ts';
import { BLOCK_BYTES } from './header/header.ts';
import type { Keywords } from './header/keywords.ts';

/** `groups` = random groups (FITS 4.0 section 6); `other` = an extension that is not known: its data are bytes. */
export type HduKind = 'image' | 'groups' | 'bintable' | 'table' | 'other';

/** How one HDU is laid out in its file. */
export interface Hdu {
  /** 0 = the primary HDU. */
  readonly index: number;
  /** `hdu[0]`. */
  readonly path: string;
  readonly kind: HduKind;
  /** Bits per value; negative = IEEE floating point. */
  readonly bitpix: number;
  /** NAXIS1 first: the fastest axis, as the header has them. */
  readonly axes: readonly number[];
  readonly pcount: number;
  readonly gcount: number;
  readonly headerOffset: number;
  readonly dataOffset: number;
  /** Bytes of the data, without their padding. */
  readonly dataBytes: number;
  /** Where the next HDU begins. */
  readonly endOffset: number;
  readonly keywords: Keywords;
}

const KINDS: Readonly<Record<string, HduKind>> = {
  IMAGE: 'image',
  IUEIMAGE: 'image',
  BINTABLE: 'bintable',
  A3DTABLE: 'bintable',
  TABLE: 'table',
};
const BITPIX = new Set([8, 16, 32, 64, -32, -64]);
const MOST_AXES = 999;

/** Works out kind and size of an HDU (FITS 4.0 section 4.4.1). `ERR_MALFORMED` if the header does not say them. */
export function describeHdu(header: Header, index: number, keywords: Keywords): Hdu {
  const bitpix = keywords.number('BITPIX');
  if (bitpix === undefined || !BITPIX.has(bitpix)) throw keywords.malformed(`BITPIX is ${bitpix ?? 'missing'}`);
  const axisCount = keywords.count('NAXIS', 0, MOST_AXES);
  const axes: number[] = [];
  for (let i = 1; i <= axisCount; i++) axes.push(keywords.count(`NAXIS${i}`, 0, Number.MAX_SAFE_INTEGER));
  const kind = kindOf(index, axes, keywords);
  const hasGroups = kind !== 'image' || index > 0;
  const pcount = hasGroups ? keywords.count('PCOUNT', 0, Number.MAX_SAFE_INTEGER, 0) : 0;
  const gcount = hasGroups ? keywords.count('GCOUNT', 0, Number.MAX_SAFE_INTEGER, 1) : 1;
  const dataBytes = sizeOf(bitpix, kind === 'groups' ? axes.slice(1) : axes, pcount, gcount, keywords);
  const endOffset = header.dataOffset + Math.ceil(dataBytes / BLOCK_BYTES) * BLOCK_BYTES;
  if (!Number.isSafeInteger(endOffset)) throw keywords.malformed('the axes ask for more than 2^53 bytes');
  const { offset: headerOffset, dataOffset } = header;
  const path = `hdu[${index}]`;
  return { index, path, kind, bitpix, axes, pcount, gcount, headerOffset, dataOffset, dataBytes, endOffset, keywords };
}

function kindOf(index: number, axes: readonly number[], keywords: Keywords): HduKind {
  if (index > 0) return KINDS[keywords.text('XTENSION') ?? ''] ?? 'other';
  return keywords.isTrue('GROUPS') && axes.length > 0 && axes[0] === 0 ? 'groups' : 'image';
}

/** |BITPIX| / 8 x GCOUNT x (PCOUNT + NAXIS1 x ... x NAXISn), section 7.1.2; 0 without axes. */
function sizeOf(bitpix: number, axes: readonly number[], pcount: number, gcount: number, keywords: Keywords): number {
  const cells = axes.includes(0) || axes.length === 0 ? 0 : axes.reduce((product, axis) => product * axis, 1);
  const bytes = (Math.abs(bitpix) / 8) * gcount * (pcount + cells);
  if (!Number.isSafeInteger(bytes)) throw keywords.malformed('the axes ask for more than 2^53 bytes');
  return bytes;
}
