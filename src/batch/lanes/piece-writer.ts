import { PIECE_BYTES, PIECES_PER_LANE } from './piece.ts';

const encoder = new TextEncoder();

/**
 * Collects lines in memory of fixed size and hands it on when it is full. There are {@link PIECES_PER_LANE} of them;
 * a writer that has none left waits until one is given back. So a slow sink stops the reader, and no garbage is made.
 */
export class PieceWriter {
  readonly #post: (memory: ArrayBuffer, lengthBytes: number) => void;
  readonly #free: ArrayBuffer[] = [];
  #spareCount = 0;
  #usedBytes = 0;
  #wake: (() => void) | undefined;

  /** `post` is called with memory to hand on, and how much of it is used. */
  constructor(post: (memory: ArrayBuffer, lengthBytes: number) => void) {
    this.#post = post;
    for (let i = 0; i < PIECES_PER_LANE; i++) this.#free.push(new ArrayBuffer(PIECE_BYTES));
  }

  /** Takes memory back. That of a long line only counts: the one that it stood for was kept. */
  give(memory: ArrayBuffer): void {
    if (memory.byteLength === PIECE_BYTES) this.#free.push(memory);
    else this.#spareCount--;
    this.#wake?.();
    this.#wake = undefined;
  }

  /**
   * Adds whole lines; `taken` is called when they are in, before they are handed on. A promise if there is no memory
   * to put them in.
   */
  write(text: string, taken: () => void): void | Promise<void> {
    const memory = this.#free[0];
    if (memory === undefined || this.#spareCount > 0) return this.#wait().then(() => this.write(text, taken));
    // UTF-8 takes at most 3 bytes for a code unit: mostly no exact count is needed.
    const bytes = this.#usedBytes + text.length * 3 <= PIECE_BYTES ? 0 : Buffer.byteLength(text);
    if (bytes > PIECE_BYTES) return this.#writeLong(text, taken);
    if (this.#usedBytes + bytes > PIECE_BYTES) {
      this.flush();
      return this.write(text, taken);
    }
    this.#usedBytes += encoder.encodeInto(text, new Uint8Array(memory, this.#usedBytes)).written;
    taken();
  }

  /** Hands on what there is. */
  flush(): void {
    if (this.#usedBytes === 0) return;
    const lengthBytes = this.#usedBytes;
    this.#usedBytes = 0;
    this.#post(this.#free.shift()!, lengthBytes);
  }

  #writeLong(text: string, taken: () => void): void {
    this.flush();
    const bytes = encoder.encode(text);
    this.#spareCount++;
    taken();
    this.#post(bytes.buffer, bytes.byteLength);
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
