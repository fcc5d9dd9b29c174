import { isAscii } from 'node:buffer';
import { convertBytes } from 'dicom-character-set';

/** Decoded text, and whether its character set was of no help. */
export interface DecodedText {
  readonly text: string;
  /** Some bytes mean nothing in the declared character set, or it is not known. */
  readonly isDamaged: boolean;
}

const ESCAPE = 0x1b;
/** Shorter values are looked through here: three calls into Node cost more than their bytes. */
const SHORT_BYTES = 200;
const JAPANESE = 'ISO 2022 IR 13';
const ASCII = 'ISO 2022 IR 6';
const CHARACTER_SETS = new Map<string, string>();

/** Defined terms as they are meant: `ISO-IR 100`, `iso_ir_192`, `ISO2022IR87` are all seen. */
function canonicalTerm(term: string): string {
  const name = term.trim().toUpperCase();
  const match = /^ISO[-_ ]?(2022)?[-_ ]*IR[-_ ]*(\d+)$/.exec(name);
  if (match !== null) return match[1] === undefined ? `ISO_IR ${match[2]}` : `ISO 2022 IR ${match[2]}`;
  return name === 'UTF-8' || name === 'UTF8' ? 'ISO_IR 192' : name;
}

/** (0008,0005) in the terms of PS3.3 C.12.1.1.2. */
function canonicalCharacterSet(declared: string): string {
  const known = CHARACTER_SETS.get(declared);
  if (known !== undefined) return known;
  const terms = declared.split('\\').map(canonicalTerm);
  // with JIS X 0201 in G0 the escape back to ASCII is common, and legal only if ASCII is among the sets
  if (terms.includes(JAPANESE) && !terms.includes(ASCII)) terms.push(ASCII);
  const canonical = terms.join('\\');
  if (CHARACTER_SETS.size < 1000) CHARACTER_SETS.set(declared, canonical);
  return canonical;
}

/** ASCII without escape sequences: the same in every character set. */
function isPlain(bytes: Buffer, at: number, end: number): boolean {
  if (end - at > SHORT_BYTES) {
    const value = bytes.subarray(at, end);
    return isAscii(value) && !value.includes(ESCAPE);
  }
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7f || byte === ESCAPE) return false;
  }
  return true;
}

/**
 * Text of `bytes` from `at` on, by the character set of its data set (PS3.5 6.1). Where that is unknown or does not
 * fit, ISO 8859-1, which at least keeps every byte apart. `vr` tells the delimiters at which code extensions end.
 */
export function decodeText(bytes: Buffer, at: number, end: number, declared: string, vr: string): DecodedText {
  if (isPlain(bytes, at, end)) return { text: bytes.toString('latin1', at, end), isDamaged: false };
  const value = bytes.subarray(at, end);
  const characterSet = canonicalCharacterSet(declared);
  if (characterSet === 'ISO_IR 100') return { text: value.toString('latin1'), isDamaged: false };
  if (characterSet === '' || characterSet === 'ISO_IR 6') return { text: value.toString('latin1'), isDamaged: true };
  try {
    const text = convertBytes(characterSet, value, { vr });
    return { text, isDamaged: text.includes('\ufffd') };
  } catch {
    return { text: value.toString('latin1'), isDamaged: true };
  }
}
