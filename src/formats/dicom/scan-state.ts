import { TidegateError } from '../../errors.ts';
import { tagKey } from './dictionary.ts';
import { ScanStack } from './scan-stack.ts';

/** Why {@link Scanner.run} returned. */
export type Step = 'done' | 'need' | 'pause' | 'deflate' | 'go';

/** The length that means "until the delimiter" (PS3.5 7.1.1). */
export const UNDEFINED_LENGTH = 0xffffffff;

/** The window that a scanner looks through, where it stands in it, and the facts of the current event. */
export class ScanState {
  /** Tag as a number: 0x00100010. */
  tag = 0;
  /** VR code, see `vr.ts`. */
  vr = 0;
  /** Bytes of the value, {@link UNDEFINED_LENGTH} where a delimiter ends it. */
  lengthBytes = 0;
  /** Where the value stands in the input. */
  offset = 0;
  /** Where the value stands in `bytes`; -1 if it is not there. */
  valueAt = -1;
  /** Byte order of the value. */
  isLittle = true;
  /** Number of the item or fragment. */
  index = 0;
  /** Items of the sequence. */
  itemCount: number | null = null;
  /** The value ends beyond the end of the input. */
  isCut = false;

  /** The window: these bytes stand at `start` in the input. */
  bytes: Buffer = Buffer.alloc(0);
  /** See `bytes`. */
  start = 0;
  /** No byte follows the window. */
  isLast = false;
  /** Where the input ends, once that is known. */
  endOffset: number | undefined;
  /** What step `need` asks for; for `deflate`, where the deflated bytes begin. */
  needOffset = 0;
  needBytes = 0;

  readonly stack: ScanStack = new ScanStack();
  /** (0002,0010), `''` while it is not known. */
  transferSyntax = '';
  /** Next byte to look at. */
  protected position = 0;
  protected isPaused = false;

  /** The first byte that no event has told of: where a container ends, when it is closed. */
  get nextOffset(): number {
    return this.position;
  }

  /** Asks the scanner to return behind the current event. */
  pause(): void {
    this.isPaused = true;
  }

  protected uint16(at: number): number {
    return this.stack.isLittle
      ? this.bytes[at]! | (this.bytes[at + 1]! << 8)
      : (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }

  protected uint32(at: number): number {
    const b = this.bytes;
    return this.stack.isLittle
      ? (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)) >>> 0
      : ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
  }

  /** Step `need` for `bytes` from the current position. */
  protected need(bytes: number): Step {
    this.needOffset = this.position;
    this.needBytes = bytes;
    return 'need';
  }

  /** Are so many bytes in the window, from the current position on? */
  protected has(bytes: number): boolean {
    return this.start + this.bytes.length - this.position >= bytes;
  }

  /** Can so many bytes never come, as far as is known? */
  protected isBeyondEnd(bytes: number): boolean {
    return this.endOffset !== undefined && this.position + bytes > this.endOffset;
  }

  protected failCut(): never {
    const last = `element ${tagKey(this.tag)}`;
    const message = `Cannot read beyond ${last}: the input ends at byte ${this.endOffset}`;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { offset: this.endOffset, tag: this.tag });
  }

  protected failMalformed(message: string): never {
    throw new TidegateError('ERR_MALFORMED', message, { offset: this.position, tag: this.tag });
  }
}
