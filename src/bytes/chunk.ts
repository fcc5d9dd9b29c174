/**
 * Bytes on loan from an input. They are valid until `release()`; to keep them longer, copy them.
 */
export interface Chunk {
  /** A view into memory that is used again after `release()`. */
  readonly bytes: Buffer;
  /** Where in the input the first of these bytes stands. */
  readonly offset: number;
  /** Gives the memory back. Caller releases, exactly once. */
  release(): void;
}

/** A chunk over memory that nobody reuses: `release()` does nothing. */
export function unpooledChunk(bytes: Buffer, offset: number): Chunk {
  return { bytes, offset, release: () => {} };
}
