import { KiB } from '../../units.ts';
import { ContainerScanner } from './container-scanner.ts';
import { dictionaryVr, tagKey } from './dictionary.ts';
import { ODD_HEADER_BYTES, readOddHeader } from './odd-header.ts';
import { privateBlock } from './private-dictionary.ts';
import { ITEM } from './scan-stack.ts';
import { type Step, UNDEFINED_LENGTH } from './scan-state.ts';
import { LO, OB, OB_OR_OW, OW, SQ, SS, UL, UN, US, US_OR_SS, VR_FLAGS, VR_LONG, vrOf } from './vr.ts';

const SPECIFIC_CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;
const META_GROUP_LENGTH = 0x00020000;
const TRANSFER_SYNTAX_UID = 0x00020010;
const PIXEL_DATA = 0x7fe00010;
/** Longer values of the elements that a scan itself depends on are no such values. */
const CONTEXT_BYTES = KiB;

/** The elements of a data set: their headers, as written or as meant, and what each turns out to be. */
export abstract class ElementScanner extends ContainerScanner {
  /** Where the file meta group ends by its own word (PS3.10 7.1); 0 if it says nothing. */
  protected metaEndOffset = 0;

  /** One element with at least 8 bytes in the window, `at` being its place there. */
  protected element(at: number, tag: number): Step {
    const { bytes } = this;
    this.isLittle = this.stack.isLittle;
    if (!this.stack.isExplicit) return this.#value(at, tag, this.#dictionaryVr(tag), this.uint32(at + 4), 8);
    const vr = (bytes[at + 4]! << 8) | bytes[at + 5]!;
    const flags = VR_FLAGS[vr]!;
    if (flags === 0) return this.#oddElement(at, tag);
    if ((flags & VR_LONG) === 0) return this.#value(at, tag, vr, this.uint16(at + 6), 8);
    if (!this.has(12)) return this.shortOf(12);
    return this.#value(at, tag, vr, this.uint32(at + 8), 12);
  }

  /** The window lacks bytes of this element: ask for them, or fail if there are none. */
  protected shortOf(bytes: number): Step {
    if (!this.isLast) return this.need(bytes);
    this.failCut();
  }

  #oddElement(at: number, tag: number): Step {
    if (!this.has(ODD_HEADER_BYTES) && !this.isLast) return this.need(ODD_HEADER_BYTES);
    const leftBytes = Math.min(this.stack.end - this.position, 0x40000000);
    const odd = readOddHeader(this.bytes, at, this.stack.isLittle, leftBytes);
    // the items of some private sequences are implicit VR inside an explicit data set: all of the item is
    if (odd.isImplicit && this.isFirst && this.stack.kind === ITEM) {
      this.stack.setEncoding({ isExplicit: false, isLittle: this.stack.isLittle });
    }
    const vr = odd.vr === 0 ? this.#dictionaryVr(tag) : odd.vr;
    return this.#value(at, tag, vr, odd.lengthBytes, odd.headerBytes);
  }

  #dictionaryVr(tag: number): number {
    if ((tag & 0x10000) === 0) return dictionaryVr(tag) || UN;
    const element = tag & 0xffff;
    if (element === 0) return UL;
    if (element >= 0x10 && element <= 0xff) return LO;
    return this.stack.privateVr(tag) ?? UN;
  }

  /** An element whose header is read: decides what it is. */
  #value(at: number, tag: number, vr: number, lengthBytes: number, headerBytes: number): Step {
    if (lengthBytes === UNDEFINED_LENGTH) return this.#undefinedLength(tag, vr, headerBytes);
    if (vr === SQ) {
      if (lengthBytes === 0) return this.openSequence(at, tag, 0, headerBytes, this.stack.isExplicit);
      if (!this.has(headerBytes + 4) && !this.isLast) return this.need(headerBytes + 4);
      if (this.isItemTag(at + headerBytes, this.stack.isLittle)) {
        return this.openSequence(at, tag, lengthBytes, headerBytes, this.stack.isExplicit);
      }
      vr = UN;
    } else if (vr === UN && this.stack.isExplicit) {
      const known = this.#dictionaryVr(tag);
      if (known === SQ && lengthBytes > 0) {
        if (!this.has(headerBytes + 4) && !this.isLast) return this.need(headerBytes + 4);
        if (this.isItemTag(at + headerBytes, true)) return this.#openUnknown(at, tag, lengthBytes, headerBytes);
      } else if (known !== SQ && lengthBytes < 0xffff) {
        vr = known;
        this.isLittle = true;
      }
    }
    if (vr === US_OR_SS) vr = this.stack.isSigned ? SS : US;
    else if (vr === OB_OR_OW) vr = OW; // PS3.5 A.1
    return this.#leaf(at, tag, vr, lengthBytes, headerBytes);
  }

  #undefinedLength(tag: number, vr: number, headerBytes: number): Step {
    const at = this.position - this.start;
    const isBytes = vr === OB_OR_OW || (vrOf(vr).kind === 'bytes' && vr !== UN);
    // PS3.5 A.4: fragments are OB; where the header says OW, or cannot say anything, they are read all the same
    if (tag === PIXEL_DATA || isBytes)
      return this.openFragments(tag, isBytes && this.stack.isExplicit ? vr : OB, headerBytes);
    // CP-246: UN of undefined length is a sequence in implicit little endian, whatever surrounds it
    if (vr === UN && this.stack.isExplicit) return this.#openUnknown(at, tag, UNDEFINED_LENGTH, headerBytes);
    if (!this.has(headerBytes + 4) && !this.isLast) return this.need(headerBytes + 4);
    if (vr !== SQ && !this.isItemTag(at + headerBytes, this.stack.isLittle)) {
      this.failMalformed(`Cannot read element ${tagKey(tag)}: undefined length, but no item follows`);
    }
    return this.openSequence(at, tag, UNDEFINED_LENGTH, headerBytes, this.stack.isExplicit);
  }

  /** PS3.5 6.2.2 note 4, CP-246: the items of an UN are implicit little endian. */
  #openUnknown(at: number, tag: number, lengthBytes: number, headerBytes: number): Step {
    this.isLittle = true;
    return this.openSequence(at, tag, lengthBytes, headerBytes, false);
  }

  #leaf(at: number, tag: number, vr: number, lengthBytes: number, headerBytes: number): Step {
    const totalBytes = headerBytes + lengthBytes;
    const isContext = isContextTag(tag) && lengthBytes <= CONTEXT_BYTES;
    const isSelected = this.isSelected(tag);
    const isWanted = isContext || (isSelected && this.visitor.wantsValue(tag, vr, lengthBytes));
    const isBeyond = this.isBeyondEnd(totalBytes);
    if (isWanted && !isBeyond && !this.has(totalBytes) && !this.isLast) return this.need(totalBytes);
    this.place(tag, vr, lengthBytes, headerBytes);
    this.isCut = isBeyond;
    this.isFirst = false;
    if (isWanted && !isBeyond) {
      this.valueAt = at + headerBytes;
      if (isContext) this.#learn(tag, this.valueAt, lengthBytes);
    }
    if (isSelected) this.visitor.element(this);
    if (isBeyond) this.failCut();
    this.position += totalBytes;
    return 'go';
  }

  /** Elements that the scan itself depends on. */
  #learn(tag: number, at: number, lengthBytes: number): void {
    const { stack, bytes } = this;
    if (tag === PIXEL_REPRESENTATION) {
      if (lengthBytes >= 2) stack.isSigned = (this.isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)) === 1;
      return;
    }
    if (tag === META_GROUP_LENGTH) {
      const isLength = lengthBytes === 4 && stack.depth === 0;
      if (isLength)
        this.metaEndOffset = this.offset + 4 + (this.isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
      return;
    }
    const text = bytes.toString('latin1', at, at + lengthBytes).replace(/[\0 ]+$/, '');
    if (tag === SPECIFIC_CHARACTER_SET) stack.characterSet = text;
    else if (tag === TRANSFER_SYNTAX_UID) this.transferSyntax = text;
    else stack.reserve(tag >>> 16, tag & 0xff, privateBlock(text));
  }
}

function isContextTag(tag: number): boolean {
  if (tag === SPECIFIC_CHARACTER_SET || tag === PIXEL_REPRESENTATION) return true;
  if (tag === TRANSFER_SYNTAX_UID || tag === META_GROUP_LENGTH) return true;
  const element = tag & 0xffff;
  return (tag & 0x10000) !== 0 && element >= 0x10 && element <= 0xff;
}
