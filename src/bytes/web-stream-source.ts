import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';
import type { ByteSource } from './byte-source.ts';
import { pieceBytes } from './piece-bytes.ts';

/** The bytes of a Web stream, taken as they are wanted. */
export class WebStreamSource implements ByteSource {
  readonly #reader: ReadableStreamDefaultReader<unknown>;

  constructor(stream: ReadableStream<unknown>) {
    this.#reader = stream.getReader();
  }

  async pull(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#reader.read();
    return done ? undefined : pieceBytes(value);
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {}); // a stream that failed before has told it to `pull`
  }
}
