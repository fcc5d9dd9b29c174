import { TidegateError } from '../../errors.ts';
import { dictionaryVr } from './dictionary.ts';
import { ElementScanner } from './element-scanner.ts';
import { FRAGMENTS, SEQUENCE } from './scan-stack.ts';
import type { Step } from './scan-state.ts';
import type { ScanVisitor } from './scan-visitor.ts';
import type { ScannerOptions } from './scanner-options.ts';
import { SNIFF_BYTES, sniffEncoding } from './sniff.ts';
import { type Encoding, EXPLICIT_LITTLE, encodingOf, isDeflated } from './transfer-syntax.ts';
import { VR_FLAGS } from './vr.ts';

/** PS3.10 7.1: a preamble of 128 bytes, then `DICM`. */
const PREFIX_BYTES = 132;

/**
 * A DICOM file, element by element, without recursion and without a promise: `run` goes on until the visitor asks for
 * a pause, the window is too short, or the file is done. The caller answers `need` with a window that has `needBytes`
 * bytes at `needOffset` (or is the last one), and `deflate` with a window over what the bytes from `needOffset` on
 * inflate to, counted from 0.
 */
export class Scanner extends ElementScanner {
  #phase: 'prefix' | 'meta' | 'data' = 'prefix';
  #hasPrefix = false;

  constructor(visitor: ScanVisitor, options: ScannerOptions = {}) {
    super(visitor, options);
  }

  /** Gives the scanner its window; `isLast` if no byte follows it, `endOffset` where the input ends if that is known. */
  feed(bytes: Buffer, start: number, isLast: boolean, endOffset: number | undefined): void {
    this.bytes = bytes;
    this.start = start;
    this.isLast = isLast;
    this.endOffset = endOffset;
  }

  /** Goes on as far as it can. Throws a TidegateError where the file cannot be read on. */
  run(): Step {
    this.isPaused = false;
    for (;;) {
      const step = this.#phase === 'prefix' ? this.#readPrefix() : this.#next();
      if (step !== 'go') return step;
      if (this.isPaused) return 'pause';
    }
  }

  #next(): Step {
    const { stack } = this;
    if (this.position >= stack.end) return this.close();
    const at = this.position - this.start;
    if (!this.has(8)) return this.isLast ? this.#atEnd() : this.need(8);
    const group = this.uint16(at);
    const element = this.uint16(at + 2);
    if (group === 0xfffe) return this.mark(at, element);
    if (stack.kind === SEQUENCE || stack.kind === FRAGMENTS) return this.#strayElement();
    const tag = ((group << 16) | element) >>> 0;
    if (stack.depth === 0) {
      if (this.#phase === 'meta' && this.#isBehindMeta(at, group)) return this.#beginDataSet();
      if (tag >= this.options.untilTag) return 'done';
      if (tag === 0 && !this.isFirst && this.uint32(at + 4) === 0) return this.#endAtPadding();
    }
    return this.element(at, tag);
  }

  /** Zeros behind the last element: some writers pad to a block. */
  #endAtPadding(): Step {
    this.warn('ERR_MALFORMED', 'Zero bytes follow the last element');
    return 'done';
  }

  /** An element where only an item can be: the delimiter of the sequence is missing. */
  #strayElement(): Step {
    if (this.stack.kind === FRAGMENTS) this.failMalformed('Cannot read pixel data: neither a fragment nor a delimiter');
    this.warn('ERR_MALFORMED', 'A sequence has no delimiter');
    if (this.stack.end !== Number.POSITIVE_INFINITY) this.position = this.stack.end;
    return this.close();
  }

  /** Fewer than 8 bytes are left. */
  #atEnd(): Step {
    const left = this.bytes.subarray(Math.max(0, this.position - this.start));
    const isPassed = this.endOffset !== undefined && this.position > this.endOffset;
    if (isPassed || this.stack.depth > 0) this.failCut();
    if (this.#phase === 'meta') {
      if (this.position < this.metaEndOffset) this.failCut();
      if (left.length > 0 || isDeflated(this.transferSyntax)) return this.#beginDataSet();
    }
    if (left.length === 0) return this.isFirst ? this.#failEmpty() : 'done';
    const isPadding = left.every((byte) => byte === 0) && (left.length > 1 || this.stack.isLittle);
    if (!isPadding || this.isFirst) this.failCut();
    return this.#endAtPadding();
  }

  #failEmpty(): never {
    throw new TidegateError('ERR_TRUNCATED_INPUT', 'Cannot read as DICOM: there is no element', {
      offset: this.position,
    });
  }

  /** The preamble, or none: files that begin with DICM, with the file meta group, or with the data set exist. */
  #readPrefix(): Step {
    if (!this.has(PREFIX_BYTES + SNIFF_BYTES) && !this.isLast) return this.need(PREFIX_BYTES + SNIFF_BYTES);
    const { bytes } = this;
    if (bytes.toString('latin1', 128, PREFIX_BYTES) === 'DICM') this.position = PREFIX_BYTES;
    else if (bytes.toString('latin1', 0, 4) === 'DICM') this.position = 4;
    this.#hasPrefix = this.position > 0;
    const at = this.position;
    const isMeta = bytes.length >= at + SNIFF_BYTES && bytes[at]! + bytes[at + 1]! === 2 && bytes[at] !== 1;
    if (!isMeta) return this.#beginDataSet();
    this.#phase = 'meta';
    this.stack.setEncoding(sniffEncoding(bytes, at, EXPLICIT_LITTLE));
    return 'go';
  }

  /** The first element of another group ends the meta group; deflated bytes may look like group 2, but not like a VR. */
  #isBehindMeta(at: number, group: number): boolean {
    if (group !== 2) return true;
    return isDeflated(this.transferSyntax) && VR_FLAGS[(this.bytes[at + 4]! << 8) | this.bytes[at + 5]!] === 0;
  }

  /** The data set begins at the current position. */
  #beginDataSet(): Step {
    this.#phase = 'data';
    const uid = this.transferSyntax;
    if (isDeflated(uid)) {
      this.stack.setEncoding(EXPLICIT_LITTLE);
      this.needOffset = this.position;
      this.position = 0;
      return 'deflate';
    }
    const wasFirst = this.isFirst;
    this.isFirst = true;
    if (!this.has(SNIFF_BYTES)) return 'go';
    const at = this.position - this.start;
    const declared = uid === '' ? undefined : encodingOf(uid);
    const encoding = sniffEncoding(this.bytes, at, declared);
    this.stack.setEncoding(encoding);
    if (declared === undefined) this.#checkUndeclared(at, encoding, wasFirst);
    else if (declared.isExplicit !== encoding.isExplicit || declared.isLittle !== encoding.isLittle) {
      const order = encoding.isLittle ? 'little endian' : 'big endian';
      const seen = `${encoding.isExplicit ? 'explicit' : 'implicit'} VR ${order}`;
      this.warn('ERR_MALFORMED', `The data set is ${seen}, not as its transfer syntax ${uid} says`);
    }
    return 'go';
  }

  /** Nobody says how the data set is written: then at least its first element has to look like one. */
  #checkUndeclared(at: number, encoding: Encoding, wasFirst: boolean): void {
    if (!wasFirst || this.#hasPrefix) {
      this.warn('ERR_MALFORMED', 'There is no transfer syntax: the data set is read as it looks');
      return;
    }
    const tag = this.uint16(at) * 0x10000 + this.uint16(at + 2);
    const isKnown = dictionaryVr(tag) !== 0 && this.uint32(at + 4) <= 0x1000000;
    if (tag === 0 || !(encoding.isExplicit || isKnown))
      this.failMalformed('Cannot read as DICOM: no element begins here');
  }
}
