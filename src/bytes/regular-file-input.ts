import { closeSync, read, readSync } from 'node:fs';
import type { BufferPool } from '../memory/buffer-pool.ts';
import type { BufferLease } from '../memory/lease.ts';
import { KiB } from '../units.ts';
import { abortableChunk, dropChunk } from './abortable.ts';
import { type Chunk, leasedChunk, unpooledChunk } from './chunk.ts';
import type { Input } from './input.ts';
import { cannotRead, inputChanged, inputClosed } from './input-errors.ts';
import { isoTime } from './iso-time.ts';

/** Two reads at least this long, one behind the other, are a scan: from then on the next one is begun ahead. */
const SCAN_BYTES = 64 * KiB;

/** What {@link RegularFileInput} is made from. */
export interface OpenedFile {
  readonly name: string;
  readonly localPath: string | undefined;
  readonly fd: number;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly isSync: boolean;
  readonly pool: BufferPool;
  /** Reads that a scan begins before they are asked for. */
  readonly readAheadCount: number;
}

interface Ahead {
  readonly offset: number;
  readonly lengthBytes: number;
  readonly chunk: Promise<Chunk>;
}

/** A regular file, read into pooled memory. Made by `openFile`. */
export class RegularFileInput implements Input {
  readonly isSeekable = true;
  readonly name: string;
  readonly localPath: string | undefined;
  readonly sizeBytes: number;
  bytesRead = 0;
  readonly #file: OpenedFile;
  #isClosed = false;
  #inFlight = 0;
  readonly #waiting: (() => void)[] = [];
  /** Where the last read ended, if it was long enough for a scan. */
  #scanEnd = -1;
  /** Reads that nobody has asked for yet, one behind the other. */
  #ahead: Ahead[] = [];

  constructor(file: OpenedFile) {
    this.#file = file;
    this.name = file.name;
    this.localPath = file.localPath;
    this.sizeBytes = file.sizeBytes;
  }

  get mtime(): string {
    return isoTime(this.#file.mtimeMs);
  }

  read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw inputClosed(this.name);
    const wantedBytes = Math.min(lengthBytes, this.sizeBytes - offset);
    if (wantedBytes <= 0) return unpooledChunk(Buffer.alloc(0), offset);
    if (this.#file.isSync) return this.#readSync(offset, wantedBytes);
    const isScan = offset === this.#scanEnd && wantedBytes >= SCAN_BYTES;
    const end = offset + wantedBytes;
    this.#scanEnd = wantedBytes >= SCAN_BYTES ? end : -1;
    const chunk = this.#takeAhead(offset, wantedBytes) ?? this.#readAsync(offset, wantedBytes);
    if (isScan) this.#readAhead(end, wantedBytes);
    return this.#deliver(chunk, signal);
  }

  async #deliver(pending: Promise<Chunk>, signal: AbortSignal | undefined): Promise<Chunk> {
    const chunk = await abortableChunk(pending, signal);
    this.bytesRead += chunk.bytes.length;
    return chunk;
  }

  #readSync(offset: number, wantedBytes: number): Chunk {
    const lease = this.#file.pool.acquire(wantedBytes, this.name);
    try {
      for (let done = 0; done < wantedBytes; ) {
        const count = readSync(this.#file.fd, lease.bytes, done, wantedBytes - done, offset + done);
        if (count === 0) throw this.#shrunk(offset + done);
        done += count;
      }
    } catch (error) {
      lease.release();
      throw cannotRead(this.name, offset, error);
    }
    this.bytesRead += wantedBytes;
    return leasedChunk(lease, offset);
  }

  async #readAsync(offset: number, wantedBytes: number): Promise<Chunk> {
    while (this.#inFlight > Math.max(1, this.#file.readAheadCount))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#isClosed) throw inputClosed(this.name);
    this.#inFlight++;
    const lease = this.#file.pool.acquire(wantedBytes, this.name);
    try {
      for (let done = 0; done < wantedBytes; ) {
        const count = await this.#readOnce(lease, done, offset + done);
        if (count === 0) throw this.#shrunk(offset + done);
        done += count;
      }
      return leasedChunk(lease, offset);
    } catch (error) {
      lease.release();
      throw cannotRead(this.name, offset, error);
    } finally {
      this.#inFlight--;
      this.#waiting.shift()?.();
      if (this.#isClosed) this.#closeIdle();
    }
  }

  #readOnce({ bytes }: BufferLease, done: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.#file.fd, bytes, done, bytes.length - done, position, (error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
  }

  #readAhead(from: number, wantedBytes: number): void {
    const last = this.#ahead.at(-1);
    let offset = last === undefined ? from : last.offset + last.lengthBytes;
    while (this.#ahead.length < this.#file.readAheadCount && offset < this.sizeBytes) {
      const lengthBytes = Math.min(wantedBytes, this.sizeBytes - offset);
      const chunk = this.#readAsync(offset, lengthBytes);
      chunk.catch(() => {}); // told to whoever takes it
      this.#ahead.push({ offset, lengthBytes, chunk });
      offset += lengthBytes;
    }
  }

  #takeAhead(offset: number, lengthBytes: number): Promise<Chunk> | undefined {
    const ahead = this.#ahead.shift();
    if (ahead === undefined || (ahead.offset === offset && ahead.lengthBytes === lengthBytes)) return ahead?.chunk;
    // the reader went elsewhere: none of them is wanted
    for (const { chunk } of [ahead, ...this.#ahead]) dropChunk(chunk);
    this.#ahead = [];
    return undefined;
  }

  #shrunk(offset: number): Error {
    return inputChanged(this.name, offset, `it had ${this.sizeBytes} bytes and ends here now`);
  }

  /** The descriptor stays open for the reads that are in flight: its number could come to name another file. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#takeAhead(-1, 0);
    this.#closeIdle();
  }

  #closeIdle(): void {
    if (this.#inFlight === 0) closeSync(this.#file.fd);
  }
}
