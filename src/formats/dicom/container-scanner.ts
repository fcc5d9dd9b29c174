import { TidegateError } from '../../errors.ts';
import { FRAGMENTS, ITEM, ROOT, SEQUENCE } from './scan-stack.ts';
import { ScanState, type Step, UNDEFINED_LENGTH } from './scan-state.ts';
import type { ScanVisitor } from './scan-visitor.ts';
import type { ScannerOptions } from './scanner-options.ts';
import { OB, SQ } from './vr.ts';

/** The containers of a data set: sequences, their items, fragments, and the delimiters that are or are not there. */
export abstract class ContainerScanner extends ScanState {
  protected readonly visitor: ScanVisitor;
  protected readonly options: Required<{ [K in keyof ScannerOptions]: number }>;
  /** The next element is the first of its data set. */
  protected isFirst = true;
  /** Depth from which on nothing is told, because its sequence was not selected. */
  #muteDepth = Number.POSITIVE_INFINITY;
  #fragmentsOffset = 0;
  #markedOffset = 0;

  constructor(visitor: ScanVisitor, options: ScannerOptions) {
    super();
    this.visitor = visitor;
    const { maxDepth = 256, untilTag = Number.POSITIVE_INFINITY, countBytes = 0 } = options;
    this.options = { maxDepth, untilTag, countBytes };
  }

  /** Is an element of the innermost data set to be told? */
  protected isSelected(tag: number): boolean {
    return this.#isTold && (this.stack.depth > 0 || this.visitor.selects(tag));
  }

  get #isTold(): boolean {
    return this.stack.depth < this.#muteDepth;
  }

  protected isItemTag(at: number, isLittle: boolean): boolean {
    const b = this.bytes;
    if (at + 4 > b.length) return true;
    const group = isLittle ? b.readUInt16LE(at) : b.readUInt16BE(at);
    const element = isLittle ? b.readUInt16LE(at + 2) : b.readUInt16BE(at + 2);
    return group === 0xfffe && (element === 0xe000 || element === 0xe0dd);
  }

  protected openSequence(at: number, tag: number, lengthBytes: number, headerBytes: number, isExplicit: boolean): Step {
    const { stack } = this;
    const isCounted = lengthBytes <= this.options.countBytes;
    if (
      isCounted &&
      !this.has(headerBytes + lengthBytes) &&
      !this.isLast &&
      !this.isBeyondEnd(headerBytes + lengthBytes)
    ) {
      return this.need(headerBytes + lengthBytes);
    }
    const end = lengthBytes === UNDEFINED_LENGTH ? Number.POSITIVE_INFINITY : this.position + headerBytes + lengthBytes;
    if (stack.nesting >= this.options.maxDepth) this.#failDepth();
    this.place(tag, SQ, lengthBytes, headerBytes);
    this.itemCount = isCounted ? this.#countItems(at + headerBytes, lengthBytes) : null;
    this.position += headerBytes;
    this.isFirst = false;
    const isToBeTold = this.isSelected(tag) && this.visitor.openSequence(this);
    if (!isToBeTold && end !== Number.POSITIVE_INFINITY) {
      this.position = end;
      return 'go';
    }
    stack.push(SEQUENCE, tag, end, isExplicit, this.isLittle);
    if (!isToBeTold) this.#mute();
    return 'go';
  }

  /** From here on inwards nothing is told. */
  #mute(): void {
    this.#muteDepth = Math.min(this.#muteDepth, this.stack.depth);
  }

  #failDepth(): never {
    const message = `Cannot read deeper: maxDepth of ${this.options.maxDepth} sequences inside one another reached`;
    throw new TidegateError('ERR_LIMIT', message, { offset: this.position, limit: 'maxDepth' });
  }

  /** Items of defined length in a sequence that lies in the window; `null` if one has no length of its own. */
  #countItems(at: number, lengthBytes: number): number | null {
    const end = at + lengthBytes;
    if (end > this.bytes.length) return null;
    const { isLittle, bytes } = this;
    let count = 0;
    while (at + 8 <= end) {
      const itemBytes = isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
      if (itemBytes === UNDEFINED_LENGTH || !this.isItemTag(at, isLittle)) return null;
      at += 8 + itemBytes;
      count++;
    }
    return at === end ? count : null;
  }

  protected place(tag: number, vr: number, lengthBytes: number, headerBytes: number): void {
    this.tag = tag;
    this.vr = vr;
    this.lengthBytes = lengthBytes;
    this.offset = this.position + headerBytes;
    this.valueAt = -1;
    this.isCut = false;
  }

  protected openFragments(tag: number, vr: number, headerBytes: number): Step {
    this.place(tag, vr, UNDEFINED_LENGTH, headerBytes);
    this.position += headerBytes;
    this.isFirst = false;
    const isToBeTold = this.isSelected(tag) && this.visitor.openFragments(this);
    this.stack.push(FRAGMENTS, tag, Number.POSITIVE_INFINITY, true, this.stack.isLittle);
    this.#fragmentsOffset = this.position;
    if (!isToBeTold) this.#mute();
    return 'go';
  }

  /** Item or delimiter: element `element` of group FFFE (PS3.5 7.5), with 8 bytes in the window. */
  protected mark(at: number, element: number): Step {
    const { stack } = this;
    const isOpenEnded = stack.end === Number.POSITIVE_INFINITY;
    if (element === 0xe000) {
      if (stack.kind === SEQUENCE) return this.#openItem(this.uint32(at + 4));
      if (stack.kind === FRAGMENTS) return this.#fragment(at, this.uint32(at + 4));
    } else if (element === 0xe00d && stack.kind === ITEM && isOpenEnded) {
      this.position += 8;
      return this.close();
    } else if (element === 0xe0dd && isOpenEnded && (stack.kind === SEQUENCE || stack.kind === FRAGMENTS)) {
      this.#markedOffset = this.position;
      this.position += 8;
      return this.close();
    }
    if (stack.kind === ITEM && isOpenEnded) {
      this.warn('ERR_MALFORMED', 'An item has no delimiter');
      return this.close();
    }
    this.warn('ERR_MALFORMED', `A stray (FFFE,${element.toString(16).toUpperCase().padStart(4, '0')}) is passed over`);
    this.position += 8;
    return 'go';
  }

  protected warn(code: 'ERR_MALFORMED', message: string): void {
    this.visitor.warn(this, code, message, this.position);
  }

  #openItem(lengthBytes: number): Step {
    const { stack } = this;
    this.index = stack.counts[stack.depth]!++;
    const end = lengthBytes === UNDEFINED_LENGTH ? Number.POSITIVE_INFINITY : this.position + 8 + lengthBytes;
    this.place(stack.tags[stack.depth]!, SQ, lengthBytes, 8);
    this.position += 8;
    if (this.#isTold) this.visitor.openItem(this);
    stack.push(ITEM, 0, end, stack.isExplicit, stack.isLittle);
    this.isFirst = true;
    return 'go';
  }

  #fragment(at: number, lengthBytes: number): Step {
    const { stack } = this;
    if (lengthBytes === UNDEFINED_LENGTH) this.failMalformed('Cannot read a fragment: its length is undefined');
    const index = stack.counts[stack.depth]!;
    const isWanted = this.#isTold && this.visitor.wantsFragment(index, lengthBytes);
    const isBeyond = this.isBeyondEnd(8 + lengthBytes);
    if (isWanted && !isBeyond && !this.has(8 + lengthBytes) && !this.isLast) return this.need(8 + lengthBytes);
    stack.counts[stack.depth]!++;
    this.index = index;
    this.place(stack.tags[stack.depth]!, OB, lengthBytes, 8);
    this.isCut = isBeyond;
    if (isWanted && !isBeyond) this.valueAt = at + 8;
    if (this.#isTold) this.visitor.fragment(this);
    if (isBeyond) this.failCut();
    this.position += 8 + lengthBytes;
    return 'go';
  }

  /** Closes the innermost container, at its end or at its delimiter. */
  protected close(): Step {
    const { stack } = this;
    const { kind } = stack;
    if (this.position > stack.end) this.warn('ERR_MALFORMED', `The elements of an item or sequence overrun its end`);
    const tag = stack.tags[stack.depth]!;
    if (this.#isTold) {
      if (kind === ITEM) this.visitor.closeItem(this);
      else {
        this.tag = tag;
        if (kind === SEQUENCE) this.visitor.closeSequence(this);
        else {
          this.offset = this.#fragmentsOffset;
          this.lengthBytes = this.#markedOffset - this.#fragmentsOffset;
          this.visitor.closeFragments(this);
        }
      }
    }
    if (stack.depth === this.#muteDepth) this.#muteDepth = Number.POSITIVE_INFINITY;
    stack.pop();
    if (stack.kind === ROOT) this.isFirst = false;
    return 'go';
  }
}
