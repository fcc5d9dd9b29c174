import { positiveInteger } from '../options.ts';

/**
 * Cuts bytes that come in pieces of any size into chunks of one size. A chunk that lies within one piece is a view
 * of it; only one that spans pieces is a copy. Holds less than one chunk of views of the last pieces.
 *
 * @example
 * ```ts
 * const rechunker = new Rechunker(64 * KiB);
 * for await (const piece of stream) for (const chunk of rechunker.push(piece)) use(chunk);
 * const last = rechunker.flush();
 * if (last !== undefined) use(last);
 * ```
 */
export class Rechunker {
  #chunkBytes: number;
  #pieces: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(chunkBytes: number) {
    this.#chunkBytes = positiveInteger('chunkBytes', chunkBytes);
  }

  /** Bytes that were pushed and did not come out yet: less than `chunkBytes`. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  get chunkBytes(): number {
    return this.#chunkBytes;
  }

  /** Takes effect with the next chunk, which may be one that is already begun. */
  set chunkBytes(value: number) {
    this.#chunkBytes = positiveInteger('chunkBytes', value);
  }

  /** The chunks that are complete with this piece. They are views of what was pushed: it must stay as it is. */
  *push(piece: Uint8Array): Generator<Buffer, void, void> {
    let start = 0;
    while (this.#heldBytes + piece.byteLength - start >= this.#chunkBytes) {
      const end = Math.max(start, start + this.#chunkBytes - this.#heldBytes);
      this.#hold(piece.subarray(start, end));
      start = end;
      yield this.#take(Math.min(this.#chunkBytes, this.#heldBytes));
    }
    this.#hold(piece.subarray(start));
  }

  #hold(piece: Uint8Array): void {
    if (piece.byteLength === 0) return;
    this.#pieces.push(piece);
    this.#heldBytes += piece.byteLength;
  }

  #take(lengthBytes: number): Buffer {
    const [first] = this.#pieces;
    if (first === undefined) return Buffer.alloc(0);
    if (first.byteLength >= lengthBytes) {
      if (first.byteLength === lengthBytes) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(lengthBytes);
      this.#heldBytes -= lengthBytes;
      return Buffer.from(first.buffer, first.byteOffset, lengthBytes);
    }
    const chunk = Buffer.allocUnsafeSlow(lengthBytes);
    for (let done = 0; done < lengthBytes; ) {
      const part = this.#take(Math.min(lengthBytes - done, this.#pieces[0]!.byteLength));
      chunk.set(part, done);
      done += part.byteLength;
    }
    return chunk;
  }

  /** What is left, at the end: shorter than a chunk; `undefined` if nothing is. */
  flush(): Buffer | undefined {
    return this.#heldBytes === 0 ? undefined : this.#take(this.#heldBytes);
  }
}
