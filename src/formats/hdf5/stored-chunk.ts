/** Where a chunk stands. */
export interface StoredChunk {
  /** Index of its first element, for each axis. */
  readonly start: readonly number[];
  readonly address: number;
  /** Bytes in the file. */
  readonly storedBytes: number;
  /** Bit n set: filter n was not applied. */
  readonly mask: number;
}
