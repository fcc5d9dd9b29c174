import { isVrText } from './sniff.ts';
import { UN, VR_FLAGS, VR_LONG } from './vr.ts';

/** How an explicit header with no VR of the standard is to be read. */
export interface OddHeader {
  /** 0: the dictionary decides. */
  readonly vr: number;
  readonly lengthBytes: number;
  readonly headerBytes: 8 | 12;
  /** The element is written as implicit VR. */
  readonly isImplicit: boolean;
}

/** Bytes from the element on that {@link readOddHeader} wants to see, as far as there are so many. */
export const ODD_HEADER_BYTES = 16;

const BLANK = new Set([0x0000, 0x2020, 0x2d2d, 0x3f3f]);

/**
 * Reads the header at `at` whose VR bytes are no VR. In files: a VR of a later standard (long form, PS3.5 6.2), a
 * misspelt one (short form), none at all (`00 00`, two spaces, `--`, `??`), or an implicit element in an explicit data
 * set. `leftBytes` is what the container has left, header included.
 */
export function readOddHeader(bytes: Buffer, at: number, isLittle: boolean, leftBytes: number): OddHeader {
  const vr = (bytes[at + 4]! << 8) | bytes[at + 5]!;
  const shortLength = isLittle ? bytes.readUInt16LE(at + 6) : bytes.readUInt16BE(at + 6);
  if (!BLANK.has(vr) && !isVrText(bytes[at + 4]!, bytes[at + 5]!)) {
    const lengthBytes = isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
    const isPlausible = lengthBytes + 8 <= leftBytes || lengthBytes === 0xffffffff;
    if (isPlausible) return { vr: 0, lengthBytes, headerBytes: 8, isImplicit: true };
  }
  if (shortLength === 0 && isLongForm(bytes, at, isLittle, leftBytes)) {
    const lengthBytes = isLittle ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8);
    return { vr: isVrText(bytes[at + 4]!, bytes[at + 5]!) ? UN : 0, lengthBytes, headerBytes: 12, isImplicit: false };
  }
  return { vr: 0, lengthBytes: shortLength, headerBytes: 8, isImplicit: false };
}

/** Two zero bytes behind the VR: the reserved ones of the long form, or an empty value with the next header behind. */
function isLongForm(bytes: Buffer, at: number, isLittle: boolean, leftBytes: number): boolean {
  if (at + ODD_HEADER_BYTES > bytes.length) return false;
  const nextVr = VR_FLAGS[bytes.readUInt16BE(at + 12)]!;
  const nextGroup = isLittle ? bytes.readUInt16LE(at + 8) : bytes.readUInt16BE(at + 8);
  const group = isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  if (nextGroup >= group && (nextVr & (1 | VR_LONG)) !== 0) return false;
  const lengthBytes = isLittle ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8);
  return lengthBytes === 0xffffffff || lengthBytes + 12 <= leftBytes;
}
