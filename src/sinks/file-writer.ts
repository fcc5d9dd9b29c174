import type { FileHandle } from 'node:fs/promises';
import { TidegateError } from '../errors.ts';
import { KiB } from '../units.ts';

const SCRATCH_BYTES = 256 * KiB;

/** An open file that text and bytes are written to, one behind the other. */
export class FileWriter {
  /** For messages. */
  readonly name: string;
  readonly #handle: FileHandle;
  // Text is encoded into the same memory again and again: a Buffer per batch would wait for the collector.
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  #offset: number | undefined;
  #bufferedBytes = 0;
  #isOpen = true;

  /** `offset` is where to begin; without one (a device, a pipe) the file goes on where it is. */
  constructor(name: string, handle: FileHandle, offset?: number) {
    this.name = name;
    this.#handle = handle;
    this.#offset = offset;
  }

  /** Where the next byte goes, if the file has offsets. */
  get offset(): number {
    return this.#offset ?? 0;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  async write(piece: string | Uint8Array): Promise<void> {
    const bytes = typeof piece === 'string' ? this.#encode(piece) : piece;
    this.#bufferedBytes = bytes.byteLength;
    try {
      // A full disk or a signal may cut a write short: the rest is written again, and tells why.
      for (let done = 0; done < bytes.byteLength; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.byteLength - done, this.#offset ?? null);
        done += bytesWritten;
        if (this.#offset !== undefined) this.#offset += bytesWritten;
      }
    } catch (error) {
      throw sinkFailure('write', this.name, error);
    } finally {
      this.#bufferedBytes = 0;
    }
  }

  /** What is written outlives a power failure. */
  async sync(): Promise<void> {
    await this.#handle.sync().catch((error: unknown) => {
      throw sinkFailure('finish', this.name, error);
    });
  }

  /** Cuts the file off at `offset` and goes on there. */
  async cut(offset: number): Promise<void> {
    await this.#handle.truncate(offset);
    this.#offset = offset;
  }

  /** Reads what was written, in pieces in memory that is used again. */
  async *read(): AsyncGenerator<Uint8Array, void, void> {
    for (let offset = 0; offset < this.offset; ) {
      const { bytesRead } = await this.#handle.read(this.#scratch, 0, SCRATCH_BYTES, offset);
      if (bytesRead === 0) throw new TidegateError('ERR_SINK', `Cannot read ${this.name}: it ends at byte ${offset}`);
      offset += bytesRead;
      yield this.#scratch.subarray(0, bytesRead);
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#handle.close();
  }

  #encode(text: string): Uint8Array {
    if (text.length * 3 > SCRATCH_BYTES && Buffer.byteLength(text) > SCRATCH_BYTES) return Buffer.from(text);
    return this.#scratch.subarray(0, this.#scratch.write(text));
  }
}

/** What went wrong with a file, as an `ERR_SINK` that names it. */
export function sinkFailure(verb: string, name: string, error: unknown): TidegateError {
  if (error instanceof TidegateError) return error;
  const message = `Cannot ${verb} ${name}: ${error instanceof Error ? error.message : String(error)}`;
  return new TidegateError('ERR_SINK', message, { file: name, cause: error });
}
