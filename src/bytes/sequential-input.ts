import { asTidegateError, TidegateError } from '../errors.ts';
import { type BufferPool, sharedPool } from '../memory/buffer-pool.ts';
import { nonNegativeInteger } from '../options.ts';
import { KiB } from '../units.ts';
import { abortable, abortableChunk } from './abortable.ts';
import type { ByteSource } from './byte-source.ts';
import type { Chunk } from './chunk.ts';
import { type Input, isPromise } from './input.ts';
import { inputClosed } from './input-errors.ts';
import { SequentialWindow } from './sequential-window.ts';

/** What {@link SequentialInput} can be told about its bytes. */
export interface SequentialInputOptions {
  /** Name of the input in records. */
  readonly name: string;
  /** Size in bytes, where the source declares one. @defaultValue unknown until the end */
  readonly sizeBytes?: number | undefined;
  /** Last modification, ISO 8601. @defaultValue unknown */
  readonly mtime?: string | undefined;
  /** The input whose packed bytes these are. @defaultValue none */
  readonly packed?: Input | undefined;
  /** How far reads may go back behind the end of the last one. @defaultValue 64 KiB */
  readonly rewindBytes?: number | undefined;
  /** Where its memory comes from. @defaultValue the pool of the process */
  readonly pool?: BufferPool | undefined;
}

/**
 * An input over bytes that come once, front to back. A skip forward discards; a read further back than
 * `rewindBytes` (the last read can always be read again) is an `ERR_NOT_SEEKABLE` that names the offset.
 *
 * When the source fails, all bytes before the failure are given out first, the last of them as a short chunk, and
 * every read beyond them throws the failure. A short chunk is the end only if the next read is empty.
 */
export class SequentialInput implements Input {
  readonly name: string;
  readonly mtime: string | undefined;
  readonly packed: Input | undefined;
  readonly isSeekable = false;
  bytesRead = 0;
  readonly #source: ByteSource;
  readonly #rewindBytes: number;
  readonly #window: SequentialWindow;
  #sizeBytes: number | undefined;
  #failure: TidegateError | undefined;
  #isEnded = false;
  #isClosed = false;
  #pulling: Promise<void> | undefined;
  #lastRead: Promise<void> | undefined;

  constructor(source: ByteSource, options: SequentialInputOptions) {
    this.#source = source;
    this.name = options.name;
    this.mtime = options.mtime;
    this.packed = options.packed;
    this.#sizeBytes = options.sizeBytes;
    this.#window = new SequentialWindow(options.pool ?? sharedPool, options.name);
    this.#rewindBytes = nonNegativeInteger('rewindBytes', options.rewindBytes ?? 64 * KiB);
  }

  get sizeBytes(): number | undefined {
    return this.#sizeBytes;
  }

  read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    const lastRead = this.#lastRead;
    if (lastRead !== undefined) {
      return abortableChunk(this.#queue(lastRead.then(() => this.#read(offset, lengthBytes, signal))), signal);
    }
    const chunk = this.#read(offset, lengthBytes, signal);
    return isPromise(chunk) ? this.#queue(chunk) : chunk;
  }

  /** Reads stand in a row: the bytes come in one order only. */
  #queue(chunk: Promise<Chunk>): Promise<Chunk> {
    const settle = () => {
      if (this.#lastRead === settled) this.#lastRead = undefined;
    };
    const settled: Promise<void> = chunk.then(settle, settle);
    this.#lastRead = settled;
    return chunk;
  }

  #read(offset: number, lengthBytes: number, signal: AbortSignal | undefined): Chunk | Promise<Chunk> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw inputClosed(this.name);
    if (offset < this.#window.startOffset) this.#refuse(offset);
    const end = offset + lengthBytes;
    while (this.#window.endOffset < end && !this.#isEnded) {
      const pulling = this.#pull(offset);
      if (pulling !== undefined) return this.#readLater(pulling, offset, lengthBytes, signal);
    }
    return this.#deliver(offset, end);
  }

  async #readLater(pulling: Promise<void>, offset: number, lengthBytes: number, signal?: AbortSignal): Promise<Chunk> {
    await abortable(pulling, signal);
    while (this.#window.endOffset < offset + lengthBytes && !this.#isEnded && !this.#isClosed) {
      await abortable(Promise.resolve(this.#pull(offset)), signal);
    }
    if (this.#isClosed) throw inputClosed(this.name);
    return this.#deliver(offset, offset + lengthBytes);
  }

  /** Brings in the next piece; what lies before `offset` and out of the rewind window is not kept. */
  #pull(offset: number): Promise<void> | undefined {
    if (this.#pulling !== undefined) return this.#pulling;
    try {
      const piece = this.#source.pull();
      if (!isPromise(piece)) {
        this.#take(piece, offset);
        return undefined;
      }
      this.#pulling = piece
        .then((bytes) => this.#take(bytes, offset))
        .catch((error) => this.#fail(error))
        .finally(() => {
          this.#pulling = undefined;
        });
      return this.#pulling;
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #take(piece: Uint8Array | undefined, offset: number): void {
    if (this.#isClosed) return;
    if (piece === undefined) {
      this.#isEnded = true;
      this.#sizeBytes = this.#window.endOffset;
      return;
    }
    this.#window.add(piece);
    this.#window.dropBefore(Math.min(offset, this.#window.endOffset) - this.#rewindBytes);
  }

  #fail(error: unknown): void {
    this.#isEnded = true;
    this.#failure = asTidegateError(error, 'ERR_INPUT_READ', { file: this.name, offset: this.#window.endOffset });
  }

  #deliver(offset: number, end: number): Chunk {
    if (this.#failure !== undefined && offset >= this.#window.endOffset && end > offset) throw this.#failure;
    const chunk = this.#window.chunk(offset, Math.min(end, this.#window.endOffset));
    this.bytesRead += chunk.bytes.length;
    const start = Math.min(offset, this.#window.endOffset); // a read behind the end goes no further than the end
    this.#window.dropBefore(Math.min(start, start + chunk.bytes.length - this.#rewindBytes));
    return chunk;
  }

  #refuse(offset: number): never {
    const message = `Cannot go back to byte ${offset} of ${this.name}: only what follows byte ${this.#window.startOffset} is still held`;
    throw new TidegateError('ERR_NOT_SEEKABLE', message, { file: this.name, offset });
  }

  close(): void | Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#window.clear();
    return this.#source.close();
  }
}
