import { dictionaryVr } from './dictionary.ts';
import type { Encoding } from './transfer-syntax.ts';
import { VR_FLAGS } from './vr.ts';

/** Bytes of a header that tell how it is written. */
export const SNIFF_BYTES = 8;

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

/** Both bytes could be those of a VR, known or not. */
export function isVrText(first: number, second: number): boolean {
  return isLetter(first) && isLetter(second);
}

/**
 * The encoding that the first element at `at` shows. Headers that contradict the transfer syntax exist in both
 * directions: two letters of a known VR can be no implicit length of a first element (it would be 16 KiB or more),
 * and a tag that PS3.6 has in the other order only is written in the other order.
 */
export function sniffEncoding(bytes: Uint8Array, at: number, declared: Encoding | undefined): Encoding {
  const isDeclaredLittle = declared?.isLittle ?? true;
  const isOtherOrder = !isTag(bytes, at, isDeclaredLittle) && isTag(bytes, at, !isDeclaredLittle);
  const isLittle = isDeclaredLittle !== isOtherOrder;
  const isKnown = VR_FLAGS[(bytes[at + 4]! << 8) | bytes[at + 5]!] !== 0;
  if (isKnown) return { isExplicit: true, isLittle };
  if (!declared?.isExplicit) return { isExplicit: false, isLittle };
  return { isExplicit: isOddVr(bytes, at, isLittle), isLittle };
}

/** A tag of PS3.6 in this byte order; a group length if its value has four bytes, as every group may have one. */
function isTag(bytes: Uint8Array, at: number, isLittle: boolean): boolean {
  const [b0, b1, b2, b3] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
  if (b2 === 0 && b3 === 0) return isLittle ? bytes[at + 4] === 4 || bytes[at + 6] === 4 : bytes[at + 7] === 4;
  const tag = isLittle ? (b1 << 24) | (b0 << 16) | (b3 << 8) | b2 : (b0 << 24) | (b1 << 16) | (b2 << 8) | b3;
  return dictionaryVr(tag >>> 0) !== 0;
}

/** A declared explicit header without a known VR: is it odd but explicit, or implicit after all? */
function isOddVr(bytes: Uint8Array, at: number, isLittle: boolean): boolean {
  const [b4, b5, b6, b7] = [bytes[at + 4]!, bytes[at + 5]!, bytes[at + 6]!, bytes[at + 7]!];
  if (isVrText(b4, b5)) return true;
  const implicitLength = isLittle ? b4 + b5 * 0x100 + b6 * 0x10000 + b7 * 0x1000000 : b7 + b6 * 0x100 + b5 * 0x10000;
  return implicitLength > 0x10000;
}

/** Walks plausible elements: known tags order, VRs and lengths that fit. Returns how many were seen, at most 4. */
function plausibleCount(head: Buffer, isExplicit: boolean, isLittle: boolean): number {
  let at = 0;
  let previous = -1;
  for (let count = 0; count < 4; count++) {
    if (at + 8 > head.length) return count;
    const group = isLittle ? head.readUInt16LE(at) : head.readUInt16BE(at);
    const element = isLittle ? head.readUInt16LE(at + 2) : head.readUInt16BE(at + 2);
    const tag = group * 0x10000 + element;
    if (tag <= previous || group === 0 || (count === 0 && group > 0x28)) return count;
    let lengthBytes = isLittle ? head.readUInt32LE(at + 4) : head.readUInt32BE(at + 4);
    let headerBytes = 8;
    if (isExplicit) {
      const flags = VR_FLAGS[head.readUInt16BE(at + 4)]!;
      if (flags === 0) return count;
      if (flags > 1) {
        if (at + 12 > head.length) return count;
        lengthBytes = isLittle ? head.readUInt32LE(at + 8) : head.readUInt32BE(at + 8);
        headerBytes = 12;
      } else lengthBytes = isLittle ? head.readUInt16LE(at + 6) : head.readUInt16BE(at + 6);
    }
    if (lengthBytes > head.length) return lengthBytes === 0xffffffff ? count + 1 : count;
    previous = tag;
    at += headerBytes + lengthBytes;
  }
  return 4;
}

/** The `likelihood` of {@link format}: the prefix of PS3.10 7.1, else elements that follow one another plausibly. */
export function dicomLikelihood(head: Buffer): number {
  if (head.length >= 132 && head.toString('latin1', 128, 132) === 'DICM') return 1;
  if (head.length >= 12 && head.toString('latin1', 0, 4) === 'DICM') return 0.95;
  const explicit = Math.max(plausibleCount(head, true, true), plausibleCount(head, true, false));
  if (explicit >= 1) return [0, 0.4, 0.7, 0.8, 0.9][explicit]!;
  const implicit = plausibleCount(head, false, true);
  return [0, 0, 0.3, 0.5, 0.7][implicit]!;
}
