/** How the elements of a data set are written. */
export interface Encoding {
  /** Headers carry the VR (PS3.5 7.1.2). */
  readonly isExplicit: boolean;
  readonly isLittle: boolean;
}

/** PS3.5 A.1: what the file meta group, UN sequences and files without a word on it are written in. */
export const IMPLICIT_LITTLE: Encoding = { isExplicit: false, isLittle: true };
/** PS3.5 A.2. */
export const EXPLICIT_LITTLE: Encoding = { isExplicit: true, isLittle: true };
/** PS3.5 A.3, retired. */
export const EXPLICIT_BIG: Encoding = { isExplicit: true, isLittle: false };

/** GE's private syntax is implicit little endian with big-endian pixels: the pixels are not our concern here. */
const IMPLICIT = new Set(['1.2.840.10008.1.2', '1.2.840.113619.5.2']);

/** Encoding by Transfer Syntax UID: all but three are explicit little endian, private ones as far as one can know. */
export function encodingOf(uid: string): Encoding {
  if (IMPLICIT.has(uid)) return IMPLICIT_LITTLE;
  return uid === '1.2.840.10008.1.2.2' ? EXPLICIT_BIG : EXPLICIT_LITTLE;
}

/** PS3.5 A.5: the data set is deflated; also the JPIP and HTJ2K variants (A.6, A.8). */
export function isDeflated(uid: string): boolean {
  return uid === '1.2.840.10008.1.2.1.99' || uid === '1.2.840.10008.1.2.4.95' || uid === '1.2.840.10008.1.2.4.205';
}
