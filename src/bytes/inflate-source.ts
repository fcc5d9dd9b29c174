import { TidegateError } from '../errors.ts';
import { KiB, MiB } from '../units.ts';
import type { ByteSource } from './byte-source.ts';
import type { Chunk } from './chunk.ts';
import { type DeflateFrame, type DeflateKind, deflateFrames } from './deflate-frame.ts';
import { cutOff, damaged, limitReached, wrongChecksum } from './inflate-errors.ts';
import type { Input } from './input.ts';
import { RawInflate } from './raw-inflate.ts';

/** Compressed bytes per step. */
const PIECE_BYTES: number = 16 * KiB;
/** zlib keeps to itself what it made of a piece before the damage: that piece is given again, so many bytes at a time. */
const FINE_BYTES = 32;
/** Bytes that are searched for the end of a header; RFC 1952 sets no limit to name and comment. */
const HEADER_BYTES: readonly number[] = [512, 8 * KiB, 64 * KiB];
/** The ratio is not judged before this much came out: a small black image is no bomb. */
const FREE_BYTES: number = MiB;

/** Limits of an {@link InflateSource}. */
export interface InflateLimits {
  readonly maxInflateRatio: number;
  readonly maxInflateBytes: number;
}

/** Inflates the bytes of an input from an offset on. Holds one compressed piece and what it gave. */
export class InflateSource implements ByteSource {
  readonly #input: Input;
  readonly #frame: DeflateFrame;
  readonly #isMultiMember: boolean;
  readonly #startOffset: number;
  readonly #limits: InflateLimits;
  #inflate: RawInflate | undefined;
  #piece: Chunk | undefined;
  /** First compressed byte that no decompressor has seen. */
  #offset: number;
  #memberOffset: number;
  #memberBytes = 0;
  #plainBytes = 0;
  #checksum = 0;
  #hasEnded = false;
  /** What zlib found wrong, and where the piece begins in which it did. */
  #damage: { readonly error: TidegateError; readonly pieceOffset: number } | undefined;
  /** Bytes that come out again, and were given out before. */
  #repeatedBytes = 0;

  constructor(input: Input, kind: DeflateKind, offset: number, limits: InflateLimits) {
    this.#input = input;
    this.#frame = deflateFrames[kind];
    this.#isMultiMember = kind === 'gzip';
    this.#startOffset = this.#offset = this.#memberOffset = offset;
    this.#limits = limits;
  }

  async pull(): Promise<Uint8Array | undefined> {
    while (!this.#hasEnded) {
      this.#inflate ??= await this.#begin();
      const bytes = this.#take(this.#inflate);
      const fresh = bytes && this.#withoutRepeated(bytes);
      if (fresh !== undefined) return this.#count(fresh);
      if (bytes !== undefined) continue;
      if (this.#inflate.isEnded) await this.#end(this.#inflate);
      else if (this.#inflate.isBusy) await this.#inflate.wait();
      else await this.#feed(this.#inflate);
    }
    return undefined;
  }

  async #begin(): Promise<RawInflate> {
    this.#offset += await this.#readHeader();
    this.#memberOffset = this.#offset;
    this.#memberBytes = 0;
    this.#checksum = this.#frame.checksumStart;
    return new RawInflate();
  }

  async #readHeader(): Promise<number> {
    for (const lengthBytes of HEADER_BYTES) {
      const head = await this.#input.read(this.#offset, lengthBytes);
      try {
        const headerBytes = this.#headerBytes(head.bytes);
        if (headerBytes !== undefined) return headerBytes;
        if (head.bytes.length < lengthBytes) throw cutOff(this.#input.name, this.#offset + head.bytes.length);
      } finally {
        head.release();
      }
    }
    throw limitReached(this.#input.name, this.#offset, `a header of ${HEADER_BYTES.at(-1)} bytes`);
  }

  #headerBytes(head: Buffer): number | undefined {
    try {
      return this.#frame.headerBytes(head);
    } catch (error) {
      const { message, facts } = error as TidegateError;
      throw new TidegateError('ERR_INFLATE', message, { ...facts, file: this.#input.name, offset: this.#offset });
    }
  }

  async #feed(inflate: RawInflate): Promise<void> {
    this.#releasePiece();
    const isFine = this.#damage !== undefined && this.#offset >= this.#damage.pieceOffset;
    const piece = await this.#read(isFine ? FINE_BYTES : PIECE_BYTES);
    if (this.#hasEnded) {
      piece.release(); // closed in the meantime
      return;
    }
    this.#piece = piece;
    const { bytes } = piece;
    if (bytes.length === 0) inflate.finish();
    else inflate.feed(bytes);
    this.#offset += bytes.length;
  }

  async #read(lengthBytes: number): Promise<Chunk> {
    try {
      return await this.#input.read(this.#offset, lengthBytes);
    } catch (error) {
      // a pipe does not give the piece again: then the damage is told without what stands before it
      throw (error as TidegateError).code === 'ERR_NOT_SEEKABLE' && this.#damage ? this.#damage.error : error;
    }
  }

  #take(inflate: RawInflate): Buffer | undefined {
    try {
      return inflate.take();
    } catch (error) {
      if ((error as { code?: unknown }).code === 'Z_BUF_ERROR') throw cutOff(this.#input.name, this.#offset);
      const offset = this.#memberOffset + inflate.consumedBytes;
      const damage = damaged(this.#input.name, offset, error as Error);
      if (this.#damage !== undefined) throw damage;
      this.#beginAgain(damage);
      return undefined;
    }
  }

  /** Inflates the member a second time, to come closer to the damage. */
  #beginAgain(error: TidegateError): void {
    this.#damage = { error, pieceOffset: this.#offset - (this.#piece?.bytes.length ?? 0) };
    this.#inflate?.close();
    this.#inflate = new RawInflate();
    this.#offset = this.#memberOffset;
    this.#repeatedBytes = this.#memberBytes;
  }

  #withoutRepeated(bytes: Buffer): Buffer | undefined {
    const repeatedBytes = Math.min(this.#repeatedBytes, bytes.length);
    this.#repeatedBytes -= repeatedBytes;
    return repeatedBytes === bytes.length ? undefined : bytes.subarray(repeatedBytes);
  }

  #count(bytes: Buffer): Buffer {
    const { maxInflateBytes, maxInflateRatio } = this.#limits;
    const roomBytes = maxInflateBytes - this.#plainBytes;
    if (roomBytes <= 0)
      throw limitReached(this.#input.name, this.#offset, `maxInflateBytes of ${maxInflateBytes}`, 'maxInflateBytes');
    if (bytes.length > roomBytes) bytes = bytes.subarray(0, roomBytes);
    this.#memberBytes += bytes.length;
    this.#plainBytes += bytes.length;
    const usedBytes = this.#offset - this.#startOffset;
    if (this.#plainBytes > FREE_BYTES && this.#plainBytes > usedBytes * maxInflateRatio) {
      throw limitReached(this.#input.name, this.#offset, `maxInflateRatio of ${maxInflateRatio}`, 'maxInflateRatio');
    }
    this.#checksum = this.#frame.checksum(bytes, this.#checksum);
    return bytes;
  }

  /** Checks the trailer and finds out whether a further member follows; anything else behind it is no part of it. */
  async #end(inflate: RawInflate): Promise<void> {
    const trailerOffset = this.#memberOffset + inflate.consumedBytes;
    this.#inflate = undefined;
    await inflate.close();
    this.#releasePiece();
    const { trailerBytes } = this.#frame;
    const trailer = await this.#input.read(trailerOffset, trailerBytes + 2);
    try {
      const { bytes } = trailer;
      if (bytes.length < trailerBytes) throw cutOff(this.#input.name, trailerOffset + bytes.length);
      if (!this.#frame.isTrailer(bytes, this.#checksum, this.#memberBytes))
        throw wrongChecksum(this.#input.name, trailerOffset);
      this.#offset = trailerOffset + trailerBytes;
      this.#hasEnded = !(this.#isMultiMember && bytes[trailerBytes] === 0x1f && bytes[trailerBytes + 1] === 0x8b);
    } finally {
      trailer.release();
    }
  }

  #releasePiece(): void {
    this.#piece?.release();
    this.#piece = undefined;
  }

  async close(): Promise<void> {
    this.#hasEnded = true;
    await this.#inflate?.close(); // its thread may still read the piece
    this.#releasePiece();
  }
}
