import type { FileHandle } from 'node:fs/promises';
import { TidegateError } from '../../errors.ts';
import { KiB } from '../../units.ts';

const SCRATCH_BYTES = 256 * KiB;

/** An open file that text and bytes are written to, one behind the other, in pieces of 256 KiB. */
export class FileWriter {
  /** For messages. */
  readonly name: string;
  readonly #handle: FileHandle;
  // Text is encoded into the same memory again and again: a Buffer per batch would wait for the collector.
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  #usedBytes = 0;
  #offset: number | undefined;
  #isOpen = true;

  /** `offset` is where to begin; without one (a device, a pipe) the file goes on where it is, and nothing is held. */
  constructor(name: string, handle: FileHandle, offset?: number) {
    this.name = name;
    this.#handle = handle;
    this.#offset = offset;
  }

  /** Where the next byte goes, if the file has offsets. */
  get offset(): number {
    return (this.#offset ?? 0) + this.#usedBytes;
  }

  /** Bytes that are not in the file yet. */
  get bufferedBytes(): number {
    return this.#usedBytes;
  }

  /** Takes a piece, whose memory may be used again when the promise, if there is one, has settled. */
  write(piece: string | Uint8Array): void | Promise<void> {
    // UTF-8 takes at most 3 bytes for a code unit: mostly no exact count is needed.
    const maxBytes = typeof piece === 'string' ? piece.length * 3 : piece.byteLength;
    if (maxBytes > SCRATCH_BYTES - this.#usedBytes) return this.#writeOn(piece, maxBytes);
    this.#fill(piece);
    if (this.#offset === undefined) return this.flush();
  }

  /** What is held goes to the file. */
  async flush(): Promise<void> {
    const bytes = this.#scratch.subarray(0, this.#usedBytes);
    this.#usedBytes = 0;
    await this.#writeNow(bytes);
  }

  /** What is written outlives a power failure. */
  async sync(): Promise<void> {
    await this.flush();
    await this.#handle.sync().catch((error: unknown) => {
      throw sinkFailure('finish', this.name, error);
    });
  }

  /** Cuts the file off at `offset` and goes on there. */
  async cut(offset: number): Promise<void> {
    this.#usedBytes = 0;
    await this.#handle.truncate(offset);
    this.#offset = offset;
  }

  /** Reads what was written, in pieces in memory that is used again. Nothing is written meanwhile. */
  async *read(): AsyncGenerator<Uint8Array, void, void> {
    await this.flush();
    for (let offset = 0; offset < this.offset; ) {
      const { bytesRead } = await this.#handle.read(this.#scratch, 0, SCRATCH_BYTES, offset);
      if (bytesRead === 0) throw new TidegateError('ERR_SINK', `Cannot read ${this.name}: it ends at byte ${offset}`);
      offset += bytesRead;
      yield this.#scratch.subarray(0, bytesRead);
    }
  }

  /** Leaves the file; what is held is lost, if it was not flushed. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#handle.close();
  }

  #fill(piece: string | Uint8Array): void {
    if (typeof piece === 'string') this.#usedBytes += this.#scratch.write(piece, this.#usedBytes);
    else {
      this.#scratch.set(piece, this.#usedBytes);
      this.#usedBytes += piece.byteLength;
    }
  }

  async #writeOn(piece: string | Uint8Array, maxBytes: number): Promise<void> {
    await this.flush();
    if (maxBytes <= SCRATCH_BYTES) this.#fill(piece);
    else await this.#writeNow(typeof piece === 'string' ? Buffer.from(piece) : piece);
    if (this.#offset === undefined) await this.flush();
  }

  /** A full disk or a signal may cut a write short: the rest is written again, and tells why. */
  async #writeNow(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.byteLength; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.byteLength - done, this.#offset ?? null);
        done += bytesWritten;
        if (this.#offset !== undefined) this.#offset += bytesWritten;
      }
    } catch (error) {
      throw sinkFailure('write', this.name, error);
    }
  }
}

/** What went wrong with a file, as an `ERR_SINK` that names it. */
export function sinkFailure(verb: string, name: string, error: unknown): TidegateError {
  if (error instanceof TidegateError) return error;
  const message = `Cannot ${verb} ${name}: ${error instanceof Error ? error.message : String(error)}`;
  return new TidegateError('ERR_SINK', message, { file: name, cause: error });
}
