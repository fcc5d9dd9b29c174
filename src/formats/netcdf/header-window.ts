import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { KiB } from '../../units.ts';
import { latin1 } from '../latin1.ts';
import type { NcType } from './nc-type.ts';

/** Bytes per read of a header. */
export const BLOCK_BYTES: number = 64 * KiB;

/** Thrown by a {@link HeaderWindow} that needs more bytes: `fill` it, then parse the element again. */
export class Starved {
  readonly neededBytes: number;

  constructor(neededBytes: number) {
    this.neededBytes = neededBytes;
  }
}

/**
 * The part of a header that is in memory. It only moves forward, so a pipe will do; bytes already handed out stay
 * valid, because a new block goes to new memory.
 */
export class HeaderWindow {
  /** The next byte to parse, counted from the start of the input. It may lie behind the bytes in memory. */
  offset = 0;
  readonly #input: Input;
  readonly #signal: AbortSignal | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(input: Input, signal: AbortSignal | undefined) {
    this.#input = input;
    this.#signal = signal;
  }

  /** Goes on by so many bytes, which must be there. */
  skip(count: number): void {
    this.#have(count);
    this.offset += count;
  }

  /** The next `count` bytes as a binary string, one character a byte; `stepBytes` (padding and all) are taken. */
  text(count: number, stepBytes: number): string {
    const from = this.#have(stepBytes);
    this.offset += stepBytes;
    return latin1(this.#bytes, from, from + count);
  }

  /** The next `count` elements of a type; `stepBytes` are taken. */
  numbers(type: NcType, count: number, stepBytes: number): (number | bigint)[] {
    const from = this.#have(stepBytes);
    this.offset += stepBytes;
    // All its bytes are there. Most attributes have one number: an array that grows would have room for seventeen.
    const values = new Array<number | bigint>(count);
    for (let index = 0; index < count; index++) values[index] = type.read(this.#bytes, from + index * type.sizeBytes);
    return values;
  }

  /** The next 32-bit number. */
  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#have(4));
    this.offset += 4;
    return value;
  }

  /** The next 64-bit number. */
  uint64(): bigint {
    const value = this.#bytes.readBigUInt64BE(this.#have(8));
    this.offset += 8;
    return value;
  }

  /** Reads until the next `count` bytes are in memory. `ERR_TRUNCATED_INPUT` where the input ends before. */
  async fill(count: number): Promise<void> {
    const kept = this.#bytes.subarray(Math.min(this.offset - this.#start, this.#bytes.length));
    const parts = [kept];
    let gotBytes = kept.length;
    while (gotBytes < count) {
      const part = await this.#block(this.offset + gotBytes);
      if (part.length === 0) throw this.#truncated(this.offset + gotBytes, count);
      parts.push(part);
      gotBytes += part.length;
    }
    this.#bytes = parts.length === 2 && kept.length === 0 ? parts[1]! : Buffer.concat(parts, gotBytes);
    this.#start = this.offset;
  }

  /** What is in memory at `offset` and behind it: a pipe cannot give these bytes again. */
  held(offset: number): Buffer {
    return offset < this.#start ? Buffer.alloc(0) : this.#bytes.subarray(offset - this.#start);
  }

  /** Where in memory the next `count` bytes begin. */
  #have(count: number): number {
    const from = this.offset - this.#start;
    if (from + count > this.#bytes.length) throw new Starved(count);
    return from;
  }

  async #block(offset: number): Promise<Buffer> {
    const pending = this.#input.read(offset, BLOCK_BYTES, this.#signal);
    const chunk = isPromise(pending) ? await pending : pending;
    try {
      return Buffer.from(chunk.bytes);
    } finally {
      chunk.release();
    }
  }

  #truncated(endOffset: number, count: number): TidegateError {
    const message = `Cannot read the header: ${count} bytes needed at byte ${this.offset}, input ends at byte ${endOffset}`;
    return new TidegateError('ERR_TRUNCATED_INPUT', message, { file: this.#input.name, offset: endOffset });
  }
}
