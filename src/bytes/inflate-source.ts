import { TidegateError } from '../errors.ts';
import { KiB, MiB } from '../units.ts';
import type { ByteSource } from './byte-source.ts';
import type { Chunk } from './chunk.ts';
import { type DeflateFrame, type DeflateKind, deflateFrames } from './deflate-frame.ts';
import type { Input } from './input.ts';
import { RawInflate } from './raw-inflate.ts';

/** Compressed bytes per step: what stands in a damaged piece is lost, so they are small. */
const PIECE_BYTES = 16 * KiB;
/** RFC 1952 sets no limit to name and comment; nobody writes longer ones. */
const HEADER_BYTES = 128 * KiB;
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
      if (bytes !== undefined) return this.#count(bytes);
      if (this.#inflate.isEnded) await this.#end(this.#inflate);
      else if (this.#inflate.isBusy) await this.#inflate.wait();
      else await this.#feed(this.#inflate);
    }
    return undefined;
  }

  /** Reads the header of a member. */
  async #begin(): Promise<RawInflate> {
    let headBytes: number | undefined;
    for (let lengthBytes = 512; headBytes === undefined; lengthBytes *= 16) {
      const head = await this.#input.read(this.#offset, Math.min(lengthBytes, HEADER_BYTES));
      try {
        headBytes = this.#headerBytes(head.bytes);
        if (headBytes === undefined && head.bytes.length < lengthBytes)
          this.#refuseCut(this.#offset + head.bytes.length);
      } finally {
        head.release();
      }
    }
    this.#offset += headBytes;
    this.#memberOffset = this.#offset;
    this.#memberBytes = 0;
    this.#checksum = this.#frame.checksumStart;
    return new RawInflate();
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
    this.#piece = await this.#input.read(this.#offset, PIECE_BYTES);
    const { bytes } = this.#piece;
    if (bytes.length === 0) inflate.finish();
    else inflate.feed(bytes);
    this.#offset += bytes.length;
  }

  #take(inflate: RawInflate): Buffer | undefined {
    try {
      return inflate.take();
    } catch (error) {
      if ((error as { code?: unknown }).code === 'Z_BUF_ERROR') this.#refuseCut(this.#offset);
      // zlib tells no position: the damage lies in the piece it was working on
      const offset = this.#memberOffset + inflate.consumedBytes;
      const message = `Cannot inflate ${this.#input.name}: ${(error as Error).message} at or after byte ${offset}`;
      throw new TidegateError('ERR_INFLATE', message, { file: this.#input.name, offset, cause: error });
    }
  }

  #count(bytes: Buffer): Buffer {
    const { maxInflateBytes, maxInflateRatio } = this.#limits;
    const roomBytes = maxInflateBytes - this.#plainBytes;
    if (roomBytes <= 0) this.#refuseLimit('maxInflateBytes', maxInflateBytes);
    if (bytes.length > roomBytes) bytes = bytes.subarray(0, roomBytes);
    this.#memberBytes += bytes.length;
    this.#plainBytes += bytes.length;
    const usedBytes = this.#offset - this.#startOffset;
    if (this.#plainBytes > FREE_BYTES && this.#plainBytes > usedBytes * maxInflateRatio) {
      this.#refuseLimit('maxInflateRatio', maxInflateRatio);
    }
    this.#checksum = this.#frame.checksum(bytes, this.#checksum);
    return bytes;
  }

  /** Checks the trailer and finds out whether a further member follows; anything else behind it is no part of it. */
  async #end(inflate: RawInflate): Promise<void> {
    const trailerOffset = this.#memberOffset + inflate.consumedBytes;
    this.#inflate = undefined;
    inflate.close();
    this.#releasePiece();
    const { trailerBytes } = this.#frame;
    const trailer = await this.#input.read(trailerOffset, trailerBytes + 2);
    try {
      const { bytes } = trailer;
      if (bytes.length < trailerBytes) this.#refuseCut(trailerOffset + bytes.length);
      if (!this.#frame.isTrailer(bytes, this.#checksum, this.#memberBytes)) this.#refuseChecksum(trailerOffset);
      this.#offset = trailerOffset + trailerBytes;
      this.#hasEnded = !(this.#isMultiMember && bytes[trailerBytes] === 0x1f && bytes[trailerBytes + 1] === 0x8b);
    } finally {
      trailer.release();
    }
  }

  #refuseCut(offset: number): never {
    const message = `Cannot inflate all of ${this.#input.name}: the compressed bytes end at byte ${offset}`;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: this.#input.name, offset });
  }

  #refuseChecksum(offset: number): never {
    const message = `Cannot trust what was inflated from ${this.#input.name}: its checksum or size at byte ${offset} differ`;
    throw new TidegateError('ERR_CHECKSUM', message, { file: this.#input.name, offset });
  }

  #refuseLimit(limit: keyof InflateLimits, value: number): never {
    const offset = this.#offset;
    const message = `Cannot inflate more of ${this.#input.name}: ${limit} of ${value} reached after ${this.#plainBytes} bytes`;
    throw new TidegateError('ERR_LIMIT', message, { file: this.#input.name, offset, limit });
  }

  #releasePiece(): void {
    this.#piece?.release();
    this.#piece = undefined;
  }

  close(): void {
    this.#hasEnded = true;
    this.#inflate?.close();
    this.#releasePiece();
  }
}
