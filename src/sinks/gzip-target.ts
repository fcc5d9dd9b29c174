import { createGzip, type Gzip } from 'node:zlib';
import { KiB } from '../units.ts';
import type { ByteTarget } from './byte-target.ts';
import { WritableTarget } from './writable-target.ts';

/** Gzip (RFC 1952) in front of another target. Compression runs beside the main thread. */
export class GzipTarget implements ByteTarget {
  readonly name: string;
  readonly #target: ByteTarget;
  readonly #gzip: Gzip;
  readonly #entry: WritableTarget;
  #pump: Promise<void> | undefined;

  constructor(target: ByteTarget, level: number) {
    this.name = target.name;
    this.#target = target;
    this.#gzip = createGzip({ level, chunkSize: 64 * KiB });
    this.#entry = new WritableTarget(this.#gzip, true);
  }

  get bufferedBytes(): number {
    return this.#entry.bufferedBytes + this.#gzip.readableLength + this.#target.bufferedBytes;
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#target.start(signal);
    await this.#entry.start(signal);
    this.#pump = this.#run();
  }

  write(piece: string | Uint8Array): void | Promise<void> {
    return this.#entry.write(piece);
  }

  async close(): Promise<void> {
    await this.#entry.close();
    await this.#pump;
    await this.#target.close();
  }

  async abort(reason: unknown): Promise<void> {
    this.#entry.abort(reason);
    // First the target, which may be what the pump waits for.
    await this.#target.abort(reason);
    await this.#pump;
  }

  async #run(): Promise<void> {
    try {
      for await (const piece of this.#gzip) await this.#target.write(piece);
    } catch (error) {
      // Reaches the writer of the next piece through the entry.
      this.#gzip.destroy(error as Error);
    }
  }
}
