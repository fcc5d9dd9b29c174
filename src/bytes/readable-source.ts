import type { Readable } from 'node:stream';
import type { ByteSource } from './byte-source.ts';
import { pieceBytes } from './piece-bytes.ts';

const EVENTS = ['readable', 'end', 'error', 'close'] as const;

/** The bytes of a Node stream, taken as they are wanted: the stream waits while nobody pulls. */
export class ReadableSource implements ByteSource {
  readonly #readable: Readable;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(readable: Readable) {
    this.#readable = readable;
    for (const event of EVENTS) readable.on(event, this.#onEvent);
  }

  readonly #onEvent = (error?: unknown): void => {
    if (error !== undefined && error instanceof Error) this.#error = error;
    this.#wake?.();
    this.#wake = undefined;
  };

  pull(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const readable = this.#readable;
    const piece: unknown = readable.destroyed ? null : readable.read();
    if (piece !== null) return pieceBytes(piece, readable.readableEncoding);
    if (readable.readableEnded) return undefined;
    if (readable.errored !== null || this.#error !== undefined) throw readable.errored ?? this.#error;
    if (readable.destroyed) throw new Error('the stream was closed before its end');
    return new Promise<void>((resolve) => {
      this.#wake = resolve;
    }).then(() => this.pull());
  }

  close(): void {
    for (const event of EVENTS) this.#readable.off(event, this.#onEvent);
    this.#readable.on('error', () => {}); // a stream may still fail while it is torn down, and nobody asks any more
    this.#readable.destroy();
  }
}
