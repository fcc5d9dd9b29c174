import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import { MiB } from '../../../units.ts';
import type { ByteSource } from '../block-reader.ts';
import type { TagLibrary, Tokenizer } from './music-metadata.ts';

type ReadChunkOptions = NonNullable<Parameters<Tokenizer['readBuffer']>[1]>;
interface Token<T> {
  readonly len: number;
  get(array: Uint8Array, offset: number): T;
}
type FileInfo = Required<Pick<Tokenizer['fileInfo'], 'size' | 'mimeType'>>;

/** Calls of one parse before it is taken for a loop: real tags need some thousands. */
const MAX_CALLS = 1_000_000;

/** Limits of a {@link SourceTokenizer}. */
export interface TokenizerLimits {
  /** Bytes of one token before `ERR_LIMIT`. */
  readonly maxTagBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * music-metadata's view of a {@link ByteSource}: random access through its blocks, no buffer for a length that the
 * input does not have or that is over the limit, and an end to calls that never end.
 */
export class SourceTokenizer implements Tokenizer {
  readonly fileInfo: FileInfo;
  position = 0;
  readonly #source: ByteSource;
  readonly #limits: TokenizerLimits;
  readonly #EndOfStreamError: TagLibrary['EndOfStreamError'];
  readonly #number = new Uint8Array(16);
  #calls = 0;
  #bytes = 0;

  constructor(source: ByteSource, mediaType: string, library: TagLibrary, limits: TokenizerLimits) {
    this.#source = source;
    this.#limits = limits;
    this.#EndOfStreamError = library.EndOfStreamError;
    this.fileInfo = { size: source.sizeBytes, mimeType: mediaType };
  }

  async peekBuffer(target: Uint8Array, options: ReadChunkOptions = {}): Promise<number> {
    return this.#read(target, options);
  }

  async readBuffer(target: Uint8Array, options: ReadChunkOptions = {}): Promise<number> {
    const position = options.position ?? this.position;
    const read = this.#read(target, options);
    const count = isPromise(read) ? await read : read;
    this.position = position + count;
    return count;
  }

  async peekToken<T>(token: Token<T>, position: number | null = this.position): Promise<T> {
    const offset = this.#offset(position ?? this.position);
    const lengthBytes = this.#length(token.len);
    if (lengthBytes > this.fileInfo.size - offset) throw new this.#EndOfStreamError();
    const bytes = new Uint8Array(lengthBytes);
    const read = this.#read(bytes, { position: offset });
    if (isPromise(read)) await read;
    return token.get(bytes, 0);
  }

  async readToken<T>(token: Token<T>, position: number = this.position): Promise<T> {
    const value = await this.peekToken(token, position);
    this.position = position + token.len;
    return value;
  }

  async peekNumber(token: Token<number>): Promise<number> {
    const read = this.#read(this.#number, { length: token.len });
    if (isPromise(read)) await read;
    return token.get(this.#number, 0);
  }

  async readNumber(token: Token<number>): Promise<number> {
    await this.readBuffer(this.#number, { length: token.len });
    return token.get(this.#number, 0);
  }

  async ignore(lengthBytes: number): Promise<number> {
    this.#account(0);
    if (!Number.isSafeInteger(lengthBytes) || lengthBytes < 0) throw this.#malformed(lengthBytes);
    const skipped = Math.max(0, Math.min(lengthBytes, this.fileInfo.size - this.position));
    this.position += skipped;
    return skipped;
  }

  supportsRandomAccess(): true {
    return true;
  }

  setPosition(position: number): void {
    this.position = this.#offset(position);
  }

  async close(): Promise<void> {}

  async abort(): Promise<void> {}

  /** Without a promise where the bytes are at hand: a tag is many small reads. */
  #read(target: Uint8Array, options: ReadChunkOptions): number | Promise<number> {
    const position = this.#offset(options.position ?? this.position);
    const wanted = this.#length(options.length ?? target.length);
    const took = (count: number): number => {
      this.#account(count);
      if (count < wanted && !options.mayBeLess) throw new this.#EndOfStreamError();
      return count;
    };
    const count = this.#source.readInto(target.subarray(0, wanted), position);
    return isPromise(count) ? count.then(took) : took(count);
  }

  #offset(position: number): number {
    if (Number.isSafeInteger(position) && position >= 0) return position;
    throw this.#malformed(position);
  }

  #length(lengthBytes: number): number {
    if (!Number.isSafeInteger(lengthBytes) || lengthBytes < 0) throw this.#malformed(lengthBytes);
    if (lengthBytes <= this.#limits.maxTagBytes) return lengthBytes;
    const message = `Cannot read a tag of ${lengthBytes} bytes: maxTagBytes of ${this.#limits.maxTagBytes} reached`;
    throw new TidegateError('ERR_LIMIT', message, { limit: 'maxTagBytes', neededBytes: lengthBytes });
  }

  #malformed(value: number): TidegateError {
    return new TidegateError('ERR_MALFORMED', `Cannot go on at ${this.position}: a tag declares a length of ${value}`);
  }

  #account(count: number): void {
    this.#limits.signal?.throwIfAborted();
    this.#bytes += count;
    if (++this.#calls <= MAX_CALLS && this.#bytes <= 4 * this.#limits.maxTagBytes + 16 * MiB) return;
    const message = `Cannot read more tags: ${this.#calls} reads and ${this.#bytes} bytes did not reach their end`;
    throw new TidegateError('ERR_LIMIT', message, { limit: 'maxTagBytes' });
  }
}
