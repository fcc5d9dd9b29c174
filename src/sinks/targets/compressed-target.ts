import type { Transform } from 'node:stream';
import type { ByteTarget } from './byte-target.ts';
import { WritableTarget } from './writable-target.ts';

/** A compressor in front of another target. Compression runs beside the main thread. */
export class CompressedTarget implements ByteTarget {
  readonly name: string;
  readonly #target: ByteTarget;
  readonly #stream: Transform;
  readonly #entry: WritableTarget;
  #pump: Promise<void> | undefined;

  constructor(target: ByteTarget, stream: Transform) {
    this.name = target.name;
    this.#target = target;
    this.#stream = stream;
    this.#entry = new WritableTarget(this.#stream, true);
  }

  get bufferedBytes(): number {
    return this.#entry.bufferedBytes + this.#stream.readableLength + this.#target.bufferedBytes;
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
      for await (const piece of this.#stream) await this.#target.write(piece);
    } catch (error) {
      // Reaches the writer of the next piece through the entry.
      this.#stream.destroy(error as Error);
    }
  }
}
