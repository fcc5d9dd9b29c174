import type { WritableStream, WritableStreamDefaultWriter } from 'node:stream/web';
import { TidegateError } from '../../errors.ts';
import type { ByteTarget } from './byte-target.ts';

/** A WritableStream, fed as far as its `desiredSize` goes. Text is encoded first if `encodes` is set. */
export class WebStreamTarget implements ByteTarget {
  readonly name = 'the WritableStream';
  readonly bufferedBytes = 0;
  readonly #writer: WritableStreamDefaultWriter<unknown>;
  readonly #encodes: boolean;
  #signal: AbortSignal | undefined;

  constructor(stream: WritableStream<unknown>, encodes: boolean) {
    this.#writer = stream.getWriter();
    this.#encodes = encodes;
    // Its failure is met where it is waited for; here it only must not count as unhandled.
    this.#writer.closed.catch(() => {});
  }

  start(signal: AbortSignal): void {
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  async write(piece: unknown): Promise<void> {
    try {
      await this.#writer.ready;
      const value = this.#encodes && typeof piece === 'string' ? Buffer.from(piece) : piece;
      // Not awaited: the stream may take more than one piece. A failure also rejects the next `ready`.
      this.#writer.write(value).catch(() => {});
      await this.#writer.ready;
    } catch (error) {
      throw this.#typed(error);
    }
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    await this.#writer.close().catch((error: unknown) => {
      throw this.#typed(error);
    });
  }

  /** Does not wait: a write in flight may never end, and the stream hears of the abort only after it. */
  abort(reason: unknown): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#writer.abort(reason).catch(() => {});
  }

  readonly #onAbort = (): void => this.abort(this.#signal?.reason);

  #typed(error: unknown): Error {
    if (error instanceof TidegateError) return error;
    const what = error instanceof Error ? error.message : String(error);
    return new TidegateError('ERR_SINK', `Cannot write to ${this.name}: ${what}`, { cause: error });
  }
}
